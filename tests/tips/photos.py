"""A phone's picture: everything it can tell about its owner, planted."""

from tests.privacy.attachments import corpus
from tipintake.privacy.attachments import sanitize
from tipintake.tips.draft import AttachmentDraft

FILE_NAME = "IMG-of-Zebulon-Quackenbush.jpg"
TRAILER = b"PK\x03\x04 trailing " + corpus.RAW
PHONE_PICTURE = (
    corpus.with_segments(
        corpus.saved(corpus.scene(size=(320, 240)), "JPEG", exif=corpus.exif()),
        corpus.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + corpus.XMP),
        corpus.segment(0xFE, corpus.RAW),
    )
    + TRAILER
)
PLAIN_PICTURE = corpus.saved(corpus.scene(), "PNG")
PDF = next(corpus.pdfs()).data
BROKEN = corpus.saved(corpus.scene(size=(320, 240)), "JPEG")[:1500]
PLANTED = (corpus.RAW, corpus.RAW.lower(), corpus.PLANT.encode("utf-16-le"), b"Zebulon")


def attachment(data: bytes = PHONE_PICTURE, *, keep_claims: bool = False) -> AttachmentDraft:
    return AttachmentDraft.of(sanitize(data), keep_claims=keep_claims)
