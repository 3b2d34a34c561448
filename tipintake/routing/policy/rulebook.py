"""One version of the policy, read from its text: rules whose every branch has been checked.

`read` either gives a rulebook that cannot raise while it decides, or every problem at once.
"""

import enum
import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tipintake.routing.policy.conditions import Condition, read_condition
from tipintake.routing.policy.fields import Scene
from tipintake.routing.policy.law import LINK_ANALYSIS, NEVER_FOR_LINK_ANALYSIS
from tipintake.routing.rules import CATCH_ALL, LAW, Ask
from tipintake.tips.vocabulary import Priority

MOST_RULES = 200
LONGEST_TEXT = 200_000
LONGEST_SENTENCE = 300
_CODE = re.compile(r"R[0-9]{1,2}[A-Z]?")
# Other parts of the service read these codes: what they mean is fixed for every version.
FIXED: Mapping[str, Ask] = {
    "R0": Ask.POLICE,
    "R1": Ask.POLICE,
    "R2": Ask.ICAC,
    "R6": Ask.TASK_FORCE,
    "R7": Ask.ADVOCATE,
    CATCH_ALL: Ask.TRIAGE,
}


class Acts(enum.StrEnum):
    """When a rule whose condition holds acts."""

    WITH_OTHERS = "with others"
    ALONE = "alone"  # only when every rule above is silent
    BESIDE = "beside"  # never decides; adds its lines once the priority is known


@dataclass(frozen=True, slots=True)
class Add:
    """A line beside the primary one."""

    ask: Ask
    when: Condition | None = None
    reason: str = ""  # a sentence of its own, instead of the rule's


@dataclass(frozen=True, slots=True)
class Grade:
    priority: str
    when: Condition | None = None
    because: str = ""  # one more sentence for the whole tip


@dataclass(frozen=True, slots=True)
class Rule:
    code: str
    title: str
    about: str
    acts: Acts
    when: Condition | None  # None: the catch-all, which always holds
    primary: Ask
    adds: tuple[Add, ...]
    grades: tuple[Grade, ...]  # the last has no condition; empty for a rule that acts beside
    reason: str

    def holds(self, scene: Scene) -> bool:
        return self.when is None or self.when.holds(scene)

    def grade(self, scene: Scene) -> Grade:
        return next(g for g in self.grades if g.when is None or g.when.holds(scene))

    def asks(self, scene: Scene) -> Iterator[tuple[Ask, str]]:
        """Lines with the sentence of their own, if they have one."""
        yield self.primary, ""
        for add in self.adds:
            if add.when is None or add.when.holds(scene):
                yield add.ask, add.reason

    def conditions(self) -> Iterator[Condition]:
        for one in (self.when, *(add.when for add in self.adds), *(g.when for g in self.grades)):
            if one is not None:
                yield one


@dataclass(frozen=True, slots=True, eq=False)
class Rulebook:
    version: int
    title: str
    digest: str
    text: str
    rules: tuple[Rule, ...]  # in the order of decision; the catch-all last
    in_spanish: Mapping[str, str]  # sentence -> the same in Spanish
    order: tuple[str, ...]

    @property
    def catch_all(self) -> Rule:
        return self.rules[-1]

    def named(self, code: str) -> Rule | None:
        return next((rule for rule in self.rules if rule.code == code), None)

    def places(self) -> frozenset[str]:
        """Codes of the directory that conditions name."""
        conditions = [one for rule in self.rules for one in rule.conditions()]
        return frozenset().union(*(one.places for one in conditions))


class BadPolicy(ValueError):
    """A text that cannot be activated. `problems` say where and what to mend."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def read(text: str, *, version: int) -> Rulebook:
    """What this text means. Raises `BadPolicy` with everything that is to be mended."""
    if len(text) > LONGEST_TEXT:
        raise BadPolicy([f"The text is longer than {LONGEST_TEXT} characters; make it shorter."])
    try:
        given = tomllib.loads(text.replace("\r\n", "\n"))
    except ValueError as error:  # of a number with thousands of digits it is a plain one
        raise BadPolicy([f"The text is not TOML: {error}."]) from None
    except RecursionError:
        raise BadPolicy(["The text is nested too deep; take its conditions apart."]) from None
    reading = _Reading()
    title, rules = reading.policy(given)
    if reading.problems:
        raise BadPolicy(reading.problems)
    return Rulebook(
        version=version,
        title=title,
        digest=digest_of(text),
        text=text,
        rules=tuple(rules),
        in_spanish=reading.spanish,
        order=(*(rule.code for rule in rules), LAW),
    )


class _Reading:
    """Reads a document and gathers what is wrong with it."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.spanish: dict[str, str] = {}

    def no(self, at: str, sentence: str) -> None:
        self.problems.append(f"{at}: {sentence}")

    def policy(self, given: Mapping[str, object]) -> tuple[str, list[Rule]]:
        self.only(given, "policy", ("title", "rule"))
        title = self.sentence(given, "policy", "title", most=120)
        rows = given.get("rule")
        if not isinstance(rows, list) or not rows:
            self.no("rule", "is missing; write each rule under [[rule]].")
            return title, []
        if len(rows) > MOST_RULES:
            self.no("rule", f"there are more than {MOST_RULES}; take some together.")
            return title, []
        read = [self.rule(row, n, last=n == len(rows)) for n, row in enumerate(rows, start=1)]
        rules = [rule for rule in read if rule is not None]
        codes = [rule.code for rule in rules]
        for code in sorted({code for code in codes if codes.count(code) > 1}):
            self.no(code, "stands twice; give each rule its own code.")
        if not codes or codes[-1] != CATCH_ALL or not isinstance(rows[-1], dict):
            self.no(
                CATCH_ALL,
                "is missing at the end. It takes every tip that no other rule takes, and can be "
                "reworded but not removed or moved.",
            )
        return title, rules

    def rule(self, row: object, number: int, *, last: bool) -> Rule | None:
        if not isinstance(row, dict):
            self.no(f"rule {number}", "is no table; begin it with [[rule]].")
            return None
        code = row.get("code")
        if not isinstance(code, str) or _CODE.fullmatch(code) is None:
            self.no(f"rule {number}.code", "is R and a number, such as R12 or R12A.")
            return None
        self.only(row, code, _KEYS)
        before = len(self.problems)
        usual = Acts.ALONE if code == CATCH_ALL else Acts.WITH_OTHERS
        acts = self.choice(row, code, "acts", [*Acts], default=usual)
        beside = acts == Acts.BESIDE
        when = self.when_of_rule(row, code, last=last, beside=beside)
        primary = self.ask(row.get("primary"), f"{code}.primary")
        adds = self.adds(row.get("adds", []), code, beside=beside)
        grades = self.grades(row, code, beside=beside)
        title = self.sentence(row, code, "title", most=80)
        about = self.sentence(row, code, "about", most=1000, needed=False)
        reason = self.sentence(row, code, "reason")
        self.translated(row, code, reason)
        if len(self.problems) > before or primary is None:
            return None
        rule = Rule(
            code, title, about, Acts(acts), when, primary, tuple(adds), tuple(grades), reason
        )
        self.law(rule)
        return rule

    def when_of_rule(
        self, row: Mapping[str, object], code: str, *, last: bool, beside: bool
    ) -> Condition | None:
        if code == CATCH_ALL:
            if not last:
                self.no(code, "is the last rule of every policy; move it to the end.")
            for name, fixed in (("when", None), ("adds", None), ("acts", Acts.ALONE)):
                if row.get(name, fixed) not in (fixed, []):
                    self.no(f"{code}.{name}", "takes every tip that is left: leave this out.")
            return None
        if "when" not in row:
            self.no(f"{code}.when", f"is missing; only {CATCH_ALL} goes without a condition.")
            return None
        return read_condition(row["when"], f"{code}.when", self.no, beside=beside)

    def adds(self, given: object, code: str, *, beside: bool) -> Iterator[Add]:
        if not isinstance(given, list) or len(given) > len(Ask):
            self.no(f"{code}.adds", "is a list of lines; write [] when there are none.")
            return
        for n, one in enumerate(given):
            at = f"{code}.adds[{n}]"
            if isinstance(one, str):
                one = {"line": one}
            if not isinstance(one, dict):
                self.no(at, 'is a line, or { line = "…", when = … }.')
                continue
            self.only(one, at, ("line", "when", "reason", "reason_es"))
            ask = self.ask(one.get("line"), f"{at}.line")
            when = None
            if "when" in one:
                when = read_condition(one["when"], f"{at}.when", self.no, beside=beside)
            reason = self.sentence(one, at, "reason", needed=False)
            self.translated(one, at, reason)
            if ask is not None:
                yield Add(ask, when, reason)

    def grades(self, row: Mapping[str, object], code: str, *, beside: bool) -> Iterator[Grade]:
        given = row.get("priority")
        at = f"{code}.priority"
        if beside:
            if given is not None:
                self.no(at, "a rule that acts beside the others sets none; leave it out.")
            return
        if isinstance(given, str):
            given = [{"then": given}]
        if not isinstance(given, list) or not given or len(given) > 10:
            self.no(at, 'is one of P1 to P4, or a list of { when = …, then = "P2" }.')
            return
        for n, one in enumerate(given):
            where, last = f"{at}[{n}]", n == len(given) - 1
            if not isinstance(one, dict):
                self.no(where, 'is { when = …, then = "P2" }.')
                continue
            self.only(one, where, ("when", "then", "because"))
            if last == ("when" in one):
                self.no(
                    where,
                    "is the last branch and must hold always: leave out its condition."
                    if last
                    else "needs a condition; only the last branch goes without.",
                )
                continue
            when = None
            if "when" in one:
                when = read_condition(one["when"], f"{where}.when", self.no, beside=False)
            then = self.choice(one, where, "then", Priority.values)
            because = self.sentence(one, where, "because", needed=False)
            yield Grade(then, when, because)

    def law(self, rule: Rule) -> None:
        """What would never come true, or never may."""
        fixed = FIXED.get(rule.code)
        if fixed is not None and rule.primary is not fixed:
            self.no(
                f"{rule.code}.primary",
                f"stays {fixed.value!r}: other parts of the service know this rule by its code. "
                "Give a rule of another meaning another code.",
            )
        if rule.primary is Ask.CRIMESTOPPERS and rule.acts is not Acts.BESIDE:
            self.no(
                f"{rule.code}.primary",
                'CrimeStoppers is never the only line; let the rule act "beside".',
            )
        lowest = all(grade.priority == LINK_ANALYSIS for grade in rule.grades)
        barred = NEVER_FOR_LINK_ANALYSIS.intersection((rule.primary, *(a.ask for a in rule.adds)))
        if rule.grades and lowest and barred:
            self.no(
                f"{rule.code}.priority",
                f"{LINK_ANALYSIS} never reaches {', '.join(sorted(barred))}; use P3, "
                "or another line.",
            )

    # --- Single values ---

    def only(self, given: Mapping[str, object], at: str, known: tuple[str, ...]) -> None:
        for name in given:
            if name not in known:
                self.no(f"{at}.{name}", f"is unknown; the names are {', '.join(known)}.")

    def ask(self, given: object, at: str) -> Ask | None:
        if isinstance(given, str) and given in set(Ask):
            return Ask(given)
        self.no(at, f"is none of the lines: {', '.join(Ask)}.")
        return None

    def choice(
        self,
        given: Mapping[str, object],
        at: str,
        name: str,
        allowed: list[str],
        default: str | None = None,
    ) -> str:
        value = given.get(name, default)
        if isinstance(value, str) and value in allowed:
            return value
        self.no(f"{at}.{name}", f"is one of {', '.join(map(repr, map(str, allowed)))}.")
        return ""

    def sentence(
        self,
        given: Mapping[str, object],
        at: str,
        name: str,
        *,
        most: int = LONGEST_SENTENCE,
        needed: bool = True,
    ) -> str:
        value = given.get(name, None if needed else "")
        if not isinstance(value, str) or (needed and not value.strip()):
            self.no(f"{at}.{name}", "is missing; write a sentence.")
            return ""
        if len(value) > most or any(ord(sign) < 32 for sign in value):
            self.no(f"{at}.{name}", f"is one line of at most {most} characters.")
        return value.strip()

    def translated(self, given: Mapping[str, object], at: str, english: str) -> None:
        """Residents read reasons in English and in Spanish."""
        if english:
            self.spanish[english] = self.sentence(given, at, "reason_es")


_KEYS = (
    "code", "title", "about", "acts", "when", "primary", "adds", "priority", "reason",
    "reason_es",
)  # fmt: skip

# Version 1 ships with the service. It is what decides until another version is activated.
FIRST_TEXT = (Path(__file__).parent / "first.toml").read_text(encoding="utf-8")
FIRST_CASES = (Path(__file__).parent / "first_cases.jsonl").read_text(encoding="utf-8")
FIRST = read(FIRST_TEXT, version=1)
