"""Somebody who has never seen it and only ever presses the one large button comes to the receipt.

How long that takes a person is reckoned as in the keystroke-level model (Card, Moran and Newell
1983): pointing and pressing 1.3 s, making up one's mind 1.35 s, a key on a phone 0.33 s (36 words
a minute, Palin et al. 2019); and 8 s of looking at each page.

The short way is reckoned more slowly: each word on it is read, 200 a minute, and 30 are typed.
"""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page

from tests.web.browsing import Visit
from tests.web.every_state import opened
from tipintake.tips.models import Tip

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NEXT = "main .button:not(.quiet):visible"
POINT, THINK, KEY, LOOK = 1.3, 1.35, 0.33, 8.0
THREE_MINUTES = 180
STORY = "A man brings two women to room 12 every Friday night. They never go out alone."


@dataclass
class Newcomer:
    page: Page
    pages: int = 1
    presses: int = 0
    keys: int = 0

    def press(self, selector: str) -> None:
        self.page.locator(selector).first.click()
        self.presses += 1

    def write(self, selector: str, words: str) -> None:
        self.press(selector)
        self.page.fill(selector, words)
        self.keys += len(words)

    def on(self) -> None:
        assert self.page.locator(NEXT).count() == 1
        with self.page.expect_navigation():
            self.press(NEXT)
        self.pages += 1

    @property
    def seconds(self) -> float:
        minds = (self.presses + self.pages) * THINK
        return self.pages * LOOK + self.presses * POINT + minds + self.keys * KEY


def tell(person: Newcomer) -> None:
    person.press("[name=category][value=SEX_TRAFFICKING]")
    person.press("[name=immediacy][value=ONGOING]")
    person.press("[name=minor_present][value=UNKNOWN]")
    person.on()
    person.write("[name=narrative]", STORY)
    person.press("[for=sign-CTL_ACCOMPANIED]")
    person.on()
    person.write("[name=locations-0-name]", "Budget Inn")
    person.write("[name=locations-0-city]", "Wentzville")
    person.on()
    person.press("#vehicles summary")
    person.write("[name=vehicles-0-plate_raw]", "AB1 ?23")
    person.write("[name=vehicles-0-colour1]", "gray")
    person.on()
    person.on()


@pytest.mark.parametrize("language", ["", "/es"])
@pytest.mark.parametrize("window", ["visit", "plain_visit"])
def test_the_one_large_button_leads_to_the_receipt(
    request: pytest.FixtureRequest,
    steps: str,
    language: str,
    window: str,
) -> None:
    visit: Visit = request.getfixturevalue(window)
    person = Newcomer(visit.go(f"{language}/"))
    person.on()
    opened(visit.page)
    tell(person)
    assert Tip.objects.count() == 0
    person.on()
    assert visit.page.locator(".code").is_visible()
    assert Tip.objects.count() == 1
    assert person.pages == 8
    assert person.presses <= 20
    assert person.seconds < THREE_MINUTES, person
    visit.assert_clean()


SAMPLE = (
    "Same gray van every Friday night behind a motel in Wentzville, a girl who is never alone, "
    "partial plate KQ7, an ad with 636-555-0142"
)
# Words down to the large button. Answers are read down to the one that is pressed, and of a
# question that is left, the question alone; what one wrote oneself is not read again.
WORDS_READ = """
() => {
  const main = document.querySelector("main");
  const buttons = [...main.querySelectorAll(".button:not(.quiet)")];
  const next = buttons.find(one => one.checkVisibility());
  const end = next.getBoundingClientRect().bottom;
  const isLeft = one => {
    const all = [...one.closest("fieldset").querySelectorAll(".choice, summary")];
    const last = all.findLastIndex(one => one.querySelector("input")?.checked);
    return all.indexOf(one) > last;
  };
  const walk = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  let words = 0;
  while (walk.nextNode()) {
    const at = walk.currentNode.parentElement;
    const box = at.getBoundingClientRect();
    if (!at.checkVisibility({visibilityProperty: true})) continue;
    if (box.width < 2 || box.top > end) continue;
    if (at.closest("textarea, option, .words")) continue;
    const answer = at.closest("fieldset:not(.finding) :is(.choice, summary)");
    if (answer && isLeft(answer)) continue;
    words += walk.currentNode.data.split(/\\s+/).filter(Boolean).length;
  }
  return words;
}
"""
READ, TYPE = 60 / 200, 60 / 30 / 5  # seconds a word, seconds a letter


def test_whoever_wrote_it_all_down_is_done_in_three_minutes(visit: Visit, steps: str) -> None:
    """The sample story in one's own words, and straight on to the check."""
    page = visit.go("/")
    read = [page.evaluate(WORDS_READ)]
    visit.follow(page.locator(NEXT))
    opened(page)
    presses = 1
    for name in ("category][value=SEX_TRAFFICKING", "immediacy][value=ONGOING", "minor_present]"):
        page.locator(f"[name={name.rstrip(']')}]").first.check()
        presses += 1
    read.append(page.evaluate(WORDS_READ))
    visit.follow(page.locator(NEXT))
    page.fill("[name=narrative]", SAMPLE)
    read.append(page.evaluate(WORDS_READ))
    visit.press("check")
    assert "/r/check/" in page.url
    finding = page.locator("fieldset.finding", has_text="636-555-0142")
    finding.get_by_label("Theirs: it is what I saw").check()
    read.append(page.evaluate(WORDS_READ))
    visit.press("send")
    presses += 5  # Continue, the box for the words, the check, whose number it is, Send
    assert page.locator(".code").is_visible()
    assert Tip.objects.count() == 1
    seconds = sum(read) * READ + len(SAMPLE) * TYPE + presses * POINT
    assert seconds < THREE_MINUTES, (read, presses, seconds)
