"""Tips with a planted string in every channel that can identify a person, sent through every door.

First what is kept, in between what fails; later what its writer adds on coming back, and what
somebody tries under a receipt whose tip is purged.
"""

import time
from collections.abc import Iterator
from typing import Any

from tipintake.door.seizure.canaries import LATER_SCENE, SCENE, Canaries
from tipintake.door.seizure.pictures import coded, files, multipart, torn
from tipintake.door.seizure.sender import Answer, Planted, Sender
from tipintake.door.tokens import MINIMUM_AGE

TIPS = "/api/v1/tips"
PREVIEW, STATUS, MESSAGES = f"{TIPS}/preview", f"{TIPS}/status", f"{TIPS}/messages"
FORM, ES_FORM = "/r/all/", "/es/r/all/"
STEPS = ("/r/1/", "/r/2/", "/r/3/", "/r/4/", "/r/5/")
STEPS_CHECK, LEAVE = "/r/check/", "/exit/"
BACK = "/back/"
REFUSED = "refused: "  # before what was asked, when something in it is to be mended


def narrative(planted: Canaries) -> str:
    words = planted.words
    return (
        f"My name is {words['own name']}. "
        "Two women are driven to the Copper Kettle Inn every Friday by a man in a gray van; "
        f"there is a {SCENE} by the door. "
        f"Call me at {words['own phone']} or e-mail me at {words['own e-mail']}. "
        f"I live at {words['own home']}."
    )


def tip(planted: Canaries) -> dict[str, Any]:
    """A tip that says who wrote it in every field that takes words."""
    words = planted.words
    return {
        "category": "SEX_TRAFFICKING",
        "immediacy": "ONGOING",
        "minor_present": "NO",
        "indicators": ["CTL_ACCOMPANIED"],
        "locations": [
            {
                "place_type": "HOTEL_MOTEL",
                "name": f"Copper Kettle Inn, call me at {words['own phone']}",
                "city": "Wentzville",
            }
        ],
        "vehicles": [
            {
                "plate_raw": planted.clear["a plate"],
                "features": f"my name is {words['own name']}",
            }
        ],
        "persons": [
            {"clothing": f"A long blue coat and white boots. I live at {words['own home']}."}
        ],
        "online": [{"handle": planted.clear["an ad's user name"]}],
        "narrative": narrative(planted),
    }


def answer(planted: Canaries) -> str:
    words = planted.words
    return (
        f"My name is {words['name in an answer']}. There was a {LATER_SCENE} by the window. "
        f"Call me at {words['phone in an answer']} or e-mail me at {words['e-mail in an answer']}."
    )


def through_every_door(sender: Sender) -> Planted:
    """By the API and by the form, in both languages, with what fails in between."""
    opened_at = time.monotonic()
    pages = [(path, sender.send(f"form {path}", "GET", path)) for path in (FORM, ES_FORM)]
    firsts = {
        ends: sender.send(f"the first step, who {ends}", "GET", STEPS[0])
        for ends in ("sends", "leaves", "stops")
    }
    by_api(sender)
    that_fail(sender)
    that_are_refused(sender)
    # A form may be sent no sooner than a person could have filled it in.
    time.sleep(max(0.0, MINIMUM_AGE.total_seconds() + 1.1 - (time.monotonic() - opened_at)))
    for path, page in pages:
        by_form(sender, path, page)
    for ends, first in firsts.items():
        by_steps(sender, first, ends=ends)
    return sender.done


# --- What is kept ----------------------------------------------------------------------------


def by_api(sender: Sender) -> None:
    planted = sender.planted
    value = {**tip(planted), "attachments": coded(files(planted))}
    sender.post_json("preview", PREVIEW, value)
    key = {"Idempotency-Key": planted.transport["idempotency key"]}
    sender.kept(sender.post_json("tip", TIPS, value, **key))
    sender.post_json("tip again", TIPS, value, **key)
    sender.post_json("tip with another body", TIPS, {**value, "basis": "SAW"}, **key)
    for code in sender.done.receipts:
        sender.post_json("status", STATUS, {"receipt": code})
        sender.post_json("status with a typing error", STATUS, {"receipt": _mistyped(code)})
        more_by_api(sender, code)


def more_by_api(sender: Sender, code: str) -> None:
    """An answer, a vehicle and files, looked at first and then sent."""
    planted = sender.planted
    value = {
        "receipt": code,
        "text": answer(planted),
        "vehicles": [
            {
                "plate_raw": planted.clear["an answer's plate"],
                "features": f"my name is {planted.words['name in an answer']}",
            }
        ],
        "attachments": coded(files(planted)),
    }
    sender.post_json("preview of an answer", MESSAGES, {**value, "preview": True})
    key = {"Idempotency-Key": planted.transport["key of an answer"]}
    sender.post_json("answer", MESSAGES, value, **key)
    sender.post_json("answer again", MESSAGES, value, **key)
    wrong = planted.transport["refused value"]
    mistakes: dict[str, dict[str, Any]] = {
        "an answer that is too long": {"text": f"{answer(planted)} {wrong * 200}"},
        "an answer that is no text": {"text": [wrong]},
        "an answer with a name": {"name": planted.words["name in an answer"]},
        "an answer with a broken place": {"locations": [{"exit": wrong[-6:], "name": wrong}]},
        "an answer with a decision about nothing": {"decisions": {wrong: "keep"}},
        "an answer under no receipt": {"receipt": wrong},
        "an answer with torn files": {"attachments": coded(torn(planted))},
        "an answer with no file": {"attachments": [{"content": wrong}]},
    }
    for what, more in mistakes.items():
        sender.post_json(f"{REFUSED}{what}", MESSAGES, {**value, **more})


def by_form(sender: Sender, path: str, page: Answer) -> None:
    """As a browser without scripts: a mistake, a check, sent, sent again, and come back."""
    planted = sender.planted
    told = planted.transport
    values = {
        **page.hidden(),
        "category": "SEX_TRAFFICKING",
        "immediacy": "ONGOING",
        "minor_present": "NO",
        "indicators": ["CTL_ACCOMPANIED"],
        "narrative": narrative(planted),
        "vehicles-0-plate_raw": planted.clear["a plate"],
        "vehicles-0-features": f"my name is {planted.words['own name']}",
        told["unknown key"]: told["unknown value"],
    }
    sender.post_form(
        f"mistake {path}", path, {**values, "category": told["unknown value"], "do": "check"}
    )
    for what, more in _mistakes(planted).items():
        sender.post_form(f"{REFUSED}{what} {path}", path, {**values, **more, "do": "check"})
    sender.post_form(f"another row {path}", path, {**values, "do": "add-vehicles"})
    checked = sender.post_form(f"check {path}", path, {**values, "do": "check"})
    carried = {**checked.hidden(), "do": "send"}
    body, kind = multipart(carried, planted, torn(planted))
    sender.send(f"{REFUSED}torn pictures {path}", "POST", path, body, kind)
    body, kind = multipart(carried, planted)
    sender.kept(sender.send(f"send with pictures {path}", "POST", path, body, kind))
    sender.kept(sender.send(f"send again {path}", "POST", path, body, kind))
    sender.post_form(f"send without the pictures {path}", path, carried)
    back = path.removesuffix(FORM) + BACK
    for code in sender.done.receipts[-1:]:
        sender.post_form(f"come back with a typing error {path}", back, {"code": _mistyped(code)})
        more_by_form(sender, back, code)


def by_steps(sender: Sender, first: Answer, *, ends: str) -> None:
    """Step by step, and then sent, left by the way out, or left lying."""
    planted = sender.planted
    told = planted.transport
    begun = {
        **first.hidden(),
        "category": "SEX_TRAFFICKING",
        "immediacy": "ONGOING",
        "minor_present": "NO",
        told["unknown key"]: told["unknown value"],
    }
    opened = sender.opened(sender.post_form(f"begin, who {ends}", STEPS[0], begun))
    answers: dict[str, dict[str, Any]] = {
        STEPS[1]: {"indicators": ["CTL_ACCOMPANIED"], "narrative": narrative(planted)},
        STEPS[2]: {"locations-0-name": f"The inn, call me at {planted.words['own phone']}"},
        STEPS[3]: {
            "vehicles-0-plate_raw": planted.clear["a plate"],
            "vehicles-0-features": f"my name is {planted.words['own name']}",
            "vehicles-0-year_from": told["refused value"],
        },
        STEPS[4]: {},
    }
    for path, values in answers.items():
        sender.post_form(f"continue {path}, who {ends}", path, values, **opened)
        sender.send(f"look at {path}, who {ends}", "GET", path, b"", opened)
    mended = {**answers[STEPS[3]], "vehicles-0-year_from": ""}
    sender.post_form(f"mend, who {ends}", STEPS[3], mended, **opened)
    checked = sender.send(f"look at the check, who {ends}", "GET", STEPS_CHECK, b"", opened)
    carried: dict[str, Any] = {**checked.hidden(), "do": "send"}
    body, kind = multipart(carried, planted, torn(planted))
    sender.send(
        f"{REFUSED}torn pictures, who {ends}", "POST", STEPS_CHECK, body, {**kind, **opened}
    )
    if ends == "leaves":
        sender.send("leave in the middle", "GET", LEAVE, b"", opened)
    elif ends == "sends":
        body, kind = multipart(carried, planted)
        kind = {**kind, **opened}
        sender.kept(sender.send("send by steps", "POST", STEPS_CHECK, body, kind))
        sender.send("send by steps again", "POST", STEPS_CHECK, body, kind)
        for code in sender.done.receipts[-1:]:
            more_by_form(sender, BACK, code)


def more_by_form(sender: Sender, back: str, code: str) -> None:
    """Come back, make a mistake, look at it, send it, and send it again."""
    planted = sender.planted
    shown = sender.post_form(f"come back {back}", back, {"code": code})
    values = {
        **sender.shown(shown),
        "narrative": answer(planted),
        "vehicles-0-plate_raw": planted.clear["an answer's plate"],
        "vehicles-0-features": f"my name is {planted.words['name in an answer']}",
        planted.transport["unknown key"]: planted.transport["unknown value"],
    }
    for what, more in _mistakes(planted).items():
        wrong = sender.post_form(
            f"{REFUSED}{what} {back}", back, {**values, **more, "do": "check"}
        )
        sender.shown(wrong)
    checked = sender.post_form(f"check an answer {back}", back, {**values, "do": "check"})
    carried = {**sender.shown(checked), "do": "send"}
    body, kind = multipart(carried, planted, torn(planted))
    sender.shown(sender.send(f"{REFUSED}torn pictures {back}", "POST", back, body, kind))
    body, kind = multipart(carried, planted)
    sender.shown(sender.send(f"answer {back}", "POST", back, body, kind))
    sender.shown(sender.send(f"answer again {back}", "POST", back, body, kind))
    own = {**carried, "ticket": planted.transport["refused value"]}
    sender.post_form(f"{REFUSED}a ticket of one's own {back}", back, own)


# --- What is not ----------------------------------------------------------------------------


def that_are_refused(sender: Sender) -> None:
    """Well-formed tips in which something is to be mended, a canary in what is wrong."""
    for path in (TIPS, PREVIEW):
        for what, value in _refused(sender.planted):
            sender.post_json(f"{REFUSED}{what} to {path}", path, value)


def _refused(planted: Canaries) -> Iterator[tuple[str, dict[str, Any]]]:
    value, wrong = tip(planted), planted.transport["refused value"]
    yield "no kind", {name: said for name, said in value.items() if name != "category"}
    yield "a kind of no list", {**value, "category": wrong}
    yield "a sign of no list", {**value, "indicators": [wrong]}
    yield "no text", {**value, "narrative": [wrong]}
    yield "too long a text", {**value, "narrative": f"{narrative(planted)} {wrong * 200}"}
    yield "a year that is none", {**value, "vehicles": [{"year_from": wrong}]}
    yield "a plate without a character", {**value, "vehicles": [{"plate_raw": "-"}]}
    yield "an exit of no highway", {**value, "locations": [{"name": wrong, "exit": "9"}]}
    yield "a moment that is none", {**value, "sighting": {"kind": "INSTANT", "start": wrong}}
    yield "a name", {**value, "name": planted.words["own name"]}
    yield "no file", {**value, "attachments": [{"content": wrong}]}
    for what, files_ in (("torn files", torn(planted)), ("six files", files(planted) * 2)):
        yield what, {**value, "attachments": coded(files_)}
    named = [{**one, "file_name": planted.transport["file name"]} for one in coded(files(planted))]
    yield "a file with a name", {**value, "attachments": named}
    yield (
        "a picture of a child",
        {
            **value,
            "category": "ONLINE_CHILD_EXPLOITATION",
            "attachments": coded(files(planted)),
        },
    )


def _mistakes(planted: Canaries) -> dict[str, dict[str, str]]:
    """What may be wrong in a form, with a canary in it."""
    wrong = planted.transport["refused value"]
    return {
        "a year that is none": {"vehicles-0-year_from": wrong},
        "an exit of no highway": {"locations-0-name": wrong, "locations-0-exit": "9"},
        "too long a text": {"narrative": wrong * 200},
    }


def that_fail(sender: Sender) -> None:
    """Requests that fail, each with a canary in it."""
    told = sender.planted.transport
    value = tip(sender.planted)
    broken = f'{{"narrative": "{told["broken body"]}'.encode()
    for path in (TIPS, PREVIEW, STATUS, MESSAGES):
        sender.post_json(f"broken {path}", path, broken)
        sender.post_json(f"not UTF-8 {path}", path, broken + b"\xff\xfe")
        sender.post_json(f"oversized {path}", path, told["oversized body"].encode() * 12_000)
        sender.send(f"put {path}", "PUT", path, broken)
    sender.post_json("unknown key", TIPS, {**value, told["unknown key"]: told["unknown value"]})
    sender.post_json("unknown code", TIPS, {**value, "category": told["unknown value"]})
    sender.post_json("poor key", TIPS, value, **{"Idempotency-Key": told["cookie"][:9]})
    sender.post_form("a form to the API", TIPS, {"narrative": told["broken body"]})
    for path in (FORM, BACK):
        large = {"narrative": told["oversized body"] * 12_000}
        sender.post_form(f"oversized form {path}", path, large)
    body, kind = multipart({"do": "send"}, sender.planted)
    sender.send("a picture to the API", "POST", TIPS, body, kind)
    for path in (FORM, BACK):
        sender.send(f"a picture without a tip {path}", "POST", path, body, kind)
    cut = {"Content-Type": kind["Content-Type"].replace("boundary=", "boundary=no")}
    sender.send("another boundary", "POST", FORM, body, cut)
    for path in (
        f"/nowhere/{told['path']}/",
        f"/static/{told['path']}.css",
        f"/api/{told['path']}",
    ):
        sender.send(f"get {path.split('/')[1]} of nowhere", "GET", path)
    sender.send("trace", "TRACE", FORM)
    sender.send("a wrong host", "GET", FORM, b"", {"Host": f"{told['path']}.example"})


def under_purged_receipts(sender: Sender) -> list[tuple[str, Answer]]:
    """Somebody comes back when nothing is left: by code, by an old page, with more to tell."""
    before = len(sender.done.answers)
    words = answer(sender.planted)
    for code in sender.done.receipts:
        sender.post_json("purged: status", STATUS, {"receipt": code})
        value = {"receipt": code, "text": words, "attachments": coded(files(sender.planted))}
        sender.post_json("purged: answer", MESSAGES, value)
        sender.post_form("purged: come back", BACK, {"code": code})
    for ticket in sender.done.tickets:
        for act in ("check", "send"):
            values = {"ticket": ticket, "narrative": words, "do": act}
            body, kind = multipart(values, sender.planted)
            sender.send(f"purged: {act} an answer", "POST", BACK, body, kind)
    return sender.done.answers[before:]


def _mistyped(code: str) -> str:
    """With another check character, so that it is nobody's receipt."""
    return code[:-1] + ("0" if code[-1] != "0" else "1")
