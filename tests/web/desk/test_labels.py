"""What labels.py marks for other layers is what those layers say."""

import pytest

from reports.correcting import Again
from tipintake.delivery.acts import Reason
from tipintake.delivery.models import HandOff
from tipintake.directory.models import Line
from tipintake.pipeline.bursts import Release, SetAside
from tipintake.pipeline.reroute import Why
from tipintake.region import care
from tipintake.routing.models import Policy
from tipintake.routing.policy.rulebook import FIRST
from tipintake.tips.vocabulary import CameBy, Content, Disposition, LegalHold, Source, Status
from tipintake.triage import grading, workflow
from tipintake.web.desk.labels import MARKED
from tipintake.web.desk.wording import SEVERITIES

TABLES = {
    "status": Status.labels,
    "door": CameBy.labels,
    "severity": SEVERITIES,
    "hand-off": HandOff.State.labels,
    "disposition": Disposition.labels,
    "kind of line": Line.Kind.labels,
    "passing on": Reason.labels,
    "another way": Why.labels,
    "used again": Again.labels,
    "policies": Policy.State.labels,
    "rules": [rule.title for rule in FIRST.rules],
    "directory": [
        name.replace("_", " ").capitalize() for one in care.TABLES.values() for name in one.fields
    ],
    "bursts": [*Release.labels, *SetAside.labels],
    "legal hold": LegalHold.labels,
    "source": Source.labels,
    "content": Content.labels,
    "grades": [*grading.SOURCE_MEANS.values(), *grading.CONTENT_MEANS.values()],
    "workflow": [*workflow.MEANS.values(), *(one.says for one in workflow.LAW if one.by_hand)],
}


@pytest.mark.parametrize("table", TABLES)
def test_every_label_is_marked(table: str) -> None:
    assert [str(one) for one in TABLES[table] if str(one) not in MARKED] == []
