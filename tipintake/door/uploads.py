"""Files of a form, in memory and nowhere else, without the names they had. Named in settings."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

from tipintake.door.bodies import PICTURES_IN_ALL
from tipintake.privacy.attachments import LARGEST_FILE
from tipintake.tips.draft import MOST

FIELD = "photos"
WITHOUT_NAME = "file"


class Picked(InMemoryUploadedFile):
    """One file that somebody chose; `is_too_large` when its bytes were let go."""

    def __init__(self, data: bytes | None) -> None:
        size = len(data or b"")
        super().__init__(BytesIO(data or b""), FIELD, WITHOUT_NAME, "", size, None)
        self.is_too_large = data is None


class PicturesInMemory(FileUploadHandler):
    """Keeps what a tip may have. What is beyond that is read and let go, so that the words that
    came with it are answered."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.count = 0
        self.left = PICTURES_IN_ALL
        self.kept: bytearray | None = None

    def new_file(self, field_name: str, *_args: Any, **_kwargs: Any) -> None:
        """Without `super()`, which would keep the file's name."""
        if field_name != FIELD:
            raise SkipFile
        self.count += 1
        self.kept = bytearray() if self.count <= MOST["attachments"] else None

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002
        if self.kept is None:
            return
        self.left -= len(raw_data)
        if len(self.kept) + len(raw_data) > LARGEST_FILE or self.left < 0:
            self.left += len(self.kept) + len(raw_data)
            self.kept = None
        else:
            self.kept += raw_data

    def file_complete(self, file_size: int) -> Picked:  # noqa: ARG002
        kept, self.kept = self.kept, None
        return Picked(None if kept is None else bytes(kept))
