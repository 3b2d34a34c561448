"""The dissemination log as it is asked: all of it, or who received one tip; and as CSV."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import Self

from django.db.models import Exists, OuterRef, QuerySet

from reports import selecting
from reports.lines import line
from reports.models import Dissemination, ExportedTip, Purpose
from reports.neutral import for_table
from reports.scope import LEVEL_WORDS, Level
from tipintake.staff.models import User
from tipintake.staff.roles import May, acts_of
from tipintake.tips.models import Tip
from tipintake.tips.references import reference_of
from tipintake.triage.visible import tips_visible_to

HEADINGS = (
    "at", "package", "recipient", "purpose", "authority", "selection", "level", "formats", "tips",
    "tlp", "destroy_by", "sha256", "signing_key", "taken_by",
)  # fmt: skip
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Asked:
    """One tip, by its number or by the hash of its record, which outlives it; or every tip."""

    reference: str = ""
    tip_hash: str = ""
    odd: bool = False

    @classmethod
    def of(cls, text: str) -> Self:
        text = text.strip()
        if reference := reference_of(text):
            return cls(reference=reference)
        if _HASH.fullmatch(text.lower()):
            return cls(tip_hash=text.lower())
        return cls(odd=bool(text))

    @property
    def text(self) -> str:
        return self.reference or self.tip_hash


def disseminated(asked: Asked, user: User) -> QuerySet[Dissemination]:
    """What the log says, the newest first. By number an account finds the tips that it sees; who
    reads the audit finds every one."""
    rows = Dissemination.objects.select_related("export").order_by("-at", "-pk")
    if asked.odd:
        return rows.none()
    if not asked.text:
        return rows
    # A tip that stayed out has no hash.
    out = ExportedTip.objects.filter(export=OuterRef("export")).exclude(tip_hash="")
    if asked.tip_hash:
        return rows.filter(Exists(out.filter(tip_hash=asked.tip_hash)))
    is_auditor = May.READ_AUDIT in acts_of(user)
    tips = Tip.objects.all() if is_auditor else tips_visible_to(user)
    return rows.filter(Exists(out.filter(tip__in=tips.filter(reference=asked.reference))))


def csv_lines(rows: QuerySet[Dissemination]) -> Iterator[str]:
    yield line(HEADINGS)
    for one in rows.iterator():
        export = one.export
        cells = (
            one.at.astimezone(UTC).isoformat(timespec="seconds"), export.reference, one.recipient,
            Purpose(one.purpose).label, one.authority, selecting.in_words(export.selection),
            LEVEL_WORDS[Level(one.level)], " ".join(one.formats), str(one.tips), one.tlp,
            export.destroy_by.isoformat(), export.sha256, export.signing_key, one.by,
        )  # fmt: skip
        yield line([for_table(cell) for cell in cells])
