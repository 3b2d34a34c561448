"""A PDF as pictures of its pages. Runs in the child only."""

import io

import pypdfium2 as pdfium

from tipintake.privacy.attachments.pictures import QUALITY, Opened, Refused

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
        raise Refused("This PDF is damaged or locked with a password.") from None
    if len(document) > MOST_PAGES:
        raise Refused(f"This PDF has {len(document)} pages; at most {MOST_PAGES} are taken.")
    document.init_forms()
    result = Opened(kind="pdf", removed=sorted({word for mark, word in BESIDES if mark in data}))
    if data.count(b"%%EOF") > 1:
        result.removed.append("earlier versions")
    result.pages = [_page(document[number]) for number in range(len(document))]
    return result


def _page(page: pdfium.PdfPage) -> bytes:
    width, height = page.get_size()
    scale = min(DOTS_PER_INCH / 72, LONGEST_SIDE / max(width, height, 1))
    picture = page.render(scale=scale).to_pil().convert("RGB")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, subsampling=0)
    return out.getvalue()
