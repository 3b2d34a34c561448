"""After a purge no byte of the database, its log or the output holds anything of the tip."""

import pytest

from tests.installation import rows_in
from tests.pipeline.house import House
from tipintake.door.seizure.search import files, leaks

pytestmark = [pytest.mark.processes, pytest.mark.enable_socket]

KEEP = """
from tipintake.models import Contact, Line, Message, Note, Tip, User
from tipintake.pipeline.notify import notify_due
from tipintake.pipeline.route import route_waiting

def keep_one(plate, place, alias, victim):
    return submit_tip(TipDraft.from_mapping({
        "category": "SEX_TRAFFICKING", "immediacy": "ONGOING", "minor_present": "NO",
        "indicators": ["HTL_TRAFFIC"],
        "narrative": f"The van {plate} waits there. " * 20,
        "vehicles": [{"plate_raw": plate, "make": "Ford"}],
        "locations": [{"place_type": "HOTEL_MOTEL", "name": place, "city": "Wentzville"}],
        "online": [{"ad_alias": alias, "url": "https://ads.example/" + plate}],
        "persons": [
            {"role": "POSSIBLE_VICTIM", "name_or_alias": victim},
            {"role": "DRIVER", "name_or_alias": alias},
        ],
    }), came_by="API", now=timezone.now()).reference

gone = keep_one("ZQ7 QXW", "Umbrella Stand Motel", "Quackenbush", "Zebulonia")
stays = keep_one("KEEPME1", "Staying Inn", "Remainder", "Stayer")
while route_waiting(now=timezone.now(), limit=50):
    pass
while notify_due(now=timezone.now()):
    pass
from tipintake.privacy import keys
from tipintake.triage import notes
from django.conf import settings
writer = User.objects.create(username="analyst")
tip = Tip.objects.get(reference=gone)
private = keys.desk_private(settings.PRIVATE_KEYS_DIR)
notes.write(tip, "Ask at the desk.", author=writer, private=private, now=timezone.now())
from datetime import timedelta
Tip.objects.filter(pk=tip.pk).update(
    status="CLOSED", disposition="SPAM", closed_on=timezone.localdate() - timedelta(days=31)
)
tip.hand_offs.update(state="CLOSED", disposition="SPAM")
from tipintake.pipeline import watch
watch.beat(watch.SWEPT, now=timezone.now())
say(gone=gone, stays=stays, key=tip.pk.hex)
"""
ASK = """
from tipintake.models import Tip
say(left=list(Tip.objects.values_list("reference", flat=True)))
"""


def test_a_purge_leaves_no_byte_of_the_tip(house: House) -> None:
    said = house.run(KEEP)
    canaries = {
        "plate": "ZQ7 QXW",
        "canonical plate": "ZQ7QXW",
        "place": "Umbrella Stand Motel",
        "alias": "Quackenbush",
        "victim": "Zebulonia",
        "number": said["gone"],
        "number without its T": said["gone"].removeprefix("T-"),
        "key": said["key"],
    }

    def everything() -> list[str]:
        blobs = list(files(house.home, without=[house.home / "keys", house.home / "static"]))
        blobs += rows_in(house.env["DATABASE_URL"])
        return [str(leak) for leak in leaks(canaries, blobs)]

    before = {one.partition(" in ")[0] for one in everything()}
    assert before >= {"canonical plate", "place", "alias", "number"}, "the search is blind"
    assert "victim" not in before
    printed = house.manage("retain")
    assert "1 purged." in printed
    assert everything() == []
    assert leaks(canaries, [("the printed output", printed.encode())]) == []
    assert house.run(ASK)["left"] == [said["stays"]]
    house.manage("audit", "seal")
    assert "The audit holds" in house.manage("audit", "verify")
