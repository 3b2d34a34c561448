"""Every page that a resident may meet, in an order in which one browser window reaches them all.

    for name in every_state(visit, language, ...):   # the page stands in visit.page
        look(name)

With its faults, its refusals and what is said when something of ours is broken.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django import Settings
from redis import Redis

from tests.tips.photos import FILE_NAME, PHONE_PICTURE
from tests.web.browsing import Visit
from tipintake.door import tokens
from tipintake.privacy import receipts
from tipintake.tips.models import Tip
from tipintake.triage import dialog
from tipintake.web.report import sending
from tipintake.web.site import views

OWN_PHONE = "314-555-0163"
WORDS = (
    "A woman is locked in room 214 and men come and go. The ad says to text 314-555-0142. "
    f"My name is Joan Example, call me at {OWN_PHONE}. Rick was there. A girl called Mia cried. "
    "He hits Lena."
)
NOWHERE = "redis+socket:///nowhere/valkey.sock"
TELLING = (
    "/",
    "/help/",
    "/privacy/",
    "/safety/",
    "/after/",
    "/done/",
    "/for/hotel/",
    "/for/driver/",
    "/for/health/",
    "/for/school/",
    "/for/neighbor/",
    "/for/child-online/",
)


def opened(page: Page, *, ago: timedelta = timedelta(minutes=3)) -> None:
    """Nobody fills it in within two seconds."""
    old = tokens.issue(datetime.now(UTC) - ago)
    page.locator("[name=token]").evaluate("(one, token) => { one.value = token }", old)


def kind(page: Page) -> None:
    page.check("input[name=category][value=SEX_TRAFFICKING]")
    page.check("input[name=immediacy][value=NOW]")
    page.check("input[name=minor_present][value=UNKNOWN]")


def told(page: Page) -> None:
    page.fill("[name=narrative]", WORDS)
    page.check("#sign-CTL_CANNOT_LEAVE")


def where_and_when(page: Page) -> None:
    page.fill("[name=locations-0-name]", "Budget Inn")
    page.fill("[name=locations-0-city]", "Wentzville")
    page.check("input[name=sighting-kind][value=RECURRING]")
    page.check("input[name=sighting-weekdays][value=FR]")
    page.fill("[name=sighting-local_start]", "22:00")
    page.fill("[name=sighting-local_end]", "02:00")


def things(page: Page) -> None:
    if not page.locator("[name=vehicles-0-plate_raw]").is_visible():
        page.click("#vehicles summary")
    page.fill("[name=vehicles-0-plate_raw]", "AB1?23")


def nothing(_page: Page) -> None:
    pass


FILLED = (kind, told, where_and_when, things, nothing)


def too_long(page: Page) -> None:
    page.fill("[name=narrative]", "x" * 4001)


def without_a_day(page: Page) -> None:
    page.check("input[name=sighting-kind][value=INSTANT]")


def no_year(page: Page) -> None:
    page.locator("#vehicles summary").first.click()
    page.locator("#vehicles details details summary").first.click()
    page.fill("[name=vehicles-0-year_from]", "about 2010")


MISTAKES: dict[int, Callable[[Page], None]] = {
    1: nothing,
    2: too_long,
    3: without_a_day,
    4: no_year,
}


@dataclass
class Walk:
    """One visitor in one language, and the installation that answers them."""

    visit: Visit
    language: str  # "" or "/es"
    settings: Settings
    patch: pytest.MonkeyPatch
    folder: Path

    @property
    def page(self) -> Page:
        return self.visit.page

    def go(self, path: str) -> Page:
        return self.visit.go(self.language + path)

    def press(self, act: str) -> None:
        self.visit.press(act)

    def post(self, path: str, *, count: int = 1, size: int = 1) -> None:
        """What no button of ours sends."""
        with self.page.expect_navigation():
            self.page.evaluate(
                """([path, count, size]) => {
                  const form = document.createElement("form");
                  form.method = "post"; form.action = path;
                  for (let at = 0; at < count; at += 1) {
                    const field = document.createElement("textarea");
                    field.name = `x${at}`; field.value = "x".repeat(size); form.append(field);
                  }
                  document.body.append(form); form.submit();
                }""",
                [self.language + path, count, size],
            )

    def begin(self, path: str = "/r/1/") -> Page:
        page = self.go(path)
        opened(page)
        return page

    def everything(self) -> Iterator[str]:
        yield from self.that_tell()
        yield from self.steps()
        yield from self.one_page()
        yield from self.in_the_situation()
        yield from self.child_online()
        yield from self.come_back()
        yield from self.gone_and_broken()
        yield from self.refused()
        self.go("/exit/")
        yield "exit"

    def that_tell(self) -> Iterator[str]:
        for path in TELLING:
            self.go(path)
            yield path.strip("/").replace("/", "-") or "start"

    def steps(self) -> Iterator[str]:
        page = self.begin()
        for number, fill in enumerate(FILLED, start=1):
            yield f"step-{number}"
            if number in MISTAKES:
                MISTAKES[number](page)
                self.press("continue")
                yield f"step-{number}-fault"
                if number == 4:
                    page.fill("[name=vehicles-0-year_from]", "")
            fill(page)
            self.press("continue")
        yield "check"
        for closed in reversed(page.locator(".finding details:not([open]) summary").all()):
            closed.click()
        page.locator("fieldset.finding", has_text=OWN_PHONE).locator("input").nth(1).check()
        page.locator("fieldset.finding").first.locator("input").last.check()
        self.press("check")
        yield "check-decided"
        (self.folder / "letter.docx").write_bytes(b"PK a letter")
        page.set_input_files("#photos", self.folder / "letter.docx")
        self.press("send")
        yield "check-picture-fault"
        (self.folder / FILE_NAME).write_bytes(PHONE_PICTURE)
        page.set_input_files("#photos", self.folder / FILE_NAME)
        self.press("send")
        yield "receipt"
        self.code = page.inner_text(".code")
        page.reload()
        yield "sent-already"

    def one_page(self) -> Iterator[str]:
        page = self.go("/r/all/")
        yield "one-page"
        self.press("check")
        yield "one-page-fault"
        for fill in FILLED:
            fill(page)
        self.press("check")
        yield "one-page-check"
        opened(page, ago=timedelta(minutes=-1))
        self.press("send")
        yield "too-quick"
        opened(page)
        self.press("send")
        page.reload()
        yield "sent-twice"
        page = self.go("/r/all/")
        for fill in FILLED:
            fill(page)
        self.press("check")
        with self.patch.context() as broken:
            broken.setattr(sending, "preview", _break)
            self.press("check")
            yield "not-kept"

    def in_the_situation(self) -> Iterator[str]:
        page = self.begin("/r/as/me/")
        yield "me-1"
        kind(page)
        page.check("input[name=immediacy][value=PAST]")
        self.press("continue")
        yield "me-2"
        told(page)
        for number in (3, 4, 5):
            self.press("continue")
            if number == 3:
                where_and_when(page)
        yield "me-5"
        self.press("continue")
        yield "me-check"
        self.press("send")
        yield "me-receipt"

    def child_online(self) -> Iterator[str]:
        page = self.begin("/r/as/child-online/")
        page.check("input[name=immediacy][value=PAST]")
        page.check("input[name=minor_present][value=YES]")
        self.press("continue")
        page.fill("[name=narrative]", "A man with the user name kid_friend99 asks her to meet.")
        for _ in range(4):
            self.press("continue")
        yield "child-online-check"
        self.press("send")
        yield "child-online-receipt"

    def come_back(self) -> Iterator[str]:
        page = self.go("/back/")
        yield "back"
        self.visit.follow(page.locator("main form button").first)
        yield "back-empty"
        for name, code in (("typo", "AAAAA-BBBBB"), ("unknown", receipts.new().pretty)):
            page.fill("#id_code", code)
            self.visit.follow(page.locator("main form button").first)
            yield f"back-{name}"
        page.fill("#id_code", self.code)
        self.visit.follow(page.locator("main form button").first)
        yield "back-shown"
        tip = Tip.objects.order_by("pk").get(reference=self._reference())
        dialog.ask(tip, template="WHERE", by="sam", now=timezone.now())
        page = self.go("/back/")
        page.fill("#id_code", self.code)
        self.visit.follow(page.locator("main form button").first)
        yield "back-question"
        self.press("check")
        yield "back-fault"
        page.fill("[name=narrative]", f"It was the last door. Call me at {OWN_PHONE}.")
        self.press("check")
        yield "back-check"
        self.press("send")
        yield "back-sent"

    def _reference(self) -> str:
        """The tip of the first receipt: the one with a picture."""
        return str(Tip.objects.get(attachments__isnull=False).reference)

    def gone_and_broken(self) -> Iterator[str]:
        page = self.begin()
        kind(page)
        self.press("continue")
        self.press("check")
        yield "step-2-nothing"
        kept = self.settings.REDIS_URL
        self.settings.REDIS_URL = NOWHERE
        told(page)
        self.press("continue")
        yield "step-not-kept"
        self.go("/r/2/")
        yield "steps-locked"
        self.settings.REDIS_URL = kept
        page = self.go("/r/2/")
        page.fill("[name=narrative]", "x " * 60_000)
        self.press("continue")
        yield "step-too-long"
        page = self.go("/r/2/")
        Redis.from_url(kept.replace("redis+socket://", "unix://")).flushall()
        told(page)
        self.press("continue")
        yield "step-forgotten"
        self.visit.context.clear_cookies()
        self.go("/r/2/")
        yield "gone"

    def refused(self) -> Iterator[str]:
        self.go("/nothing-here/")
        yield "not-found"
        self.post("/safety/")
        yield "not-allowed"
        self.post("/r/all/", size=3_000_000)
        yield "too-large"
        self.post("/r/all/", count=1100)
        yield "bad-request"
        with self.patch.context() as broken:
            broken.setattr(views, "services", _break)
            self.go("/help/")
            yield "failed"


def _break(*_args: object, **_kwargs: object) -> None:
    raise ValueError("broken on purpose")
