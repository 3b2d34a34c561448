"""A PDF as pictures of its pages. Runs in the child only."""

import pypdfium2 as pdfium

from tipintake.privacy.attachments.pictures import (
    MOST_BYTES,
    MOST_BYTES_IN_ALL,
    Opened,
    Page,
    Refused,
    page_of,
)

MOST_PAGES = 20
DOTS_PER_INCH = 150
LONGEST_SIDE = 3000

BESIDES = (
    (b"/EmbeddedFile", "attached files"),
    (b"/JavaScript", "scripts"),
    (b"/JS", "scripts"),
    (b"/AcroForm", "form fields"),
    (b"/XFA", "form fields"),
    (b"/Metadata", "XMP"),
    (b"/Author", "author"),
    (b"/Info", "document properties"),
)


def opened(data: bytes) -> Opened:
    """Each page rendered; text, scripts, forms and attachments do not survive as such."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError:
        raise Refused("closed_pdf") from None
    if len(document) > MOST_PAGES:
        raise Refused("too_many_pages", pages=len(document), most=MOST_PAGES)
    document.init_forms()
    result = Opened(kind="pdf", removed=sorted({word for mark, word in BESIDES if mark in data}))
    if data.count(b"%%EOF") > 1:
        result.removed.append("earlier versions")
    most = min(MOST_BYTES, MOST_BYTES_IN_ALL // max(1, len(document)))
    result.pages = [_page(document[number], most=most) for number in range(len(document))]
    return result


def _page(page: pdfium.PdfPage, *, most: int) -> Page:
    width, height = page.get_size()
    scale = min(DOTS_PER_INCH / 72, LONGEST_SIDE / max(width, height, 1))
    return page_of(page.render(scale=scale).to_pil(), longest=LONGEST_SIDE, most=most)
