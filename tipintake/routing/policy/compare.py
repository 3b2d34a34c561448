"""What one version says otherwise than another, in words a policy officer reads."""

from collections.abc import Iterator
from dataclasses import dataclass

from tipintake.routing.policy.rulebook import Rule, Rulebook


@dataclass(frozen=True, slots=True)
class Difference:
    rule: str
    what: str  # "added", "removed", "moved", or the part that changed
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        if self.what in ("added", "removed"):
            return f"{self.rule} {self.what}: {self.after or self.before}"
        return f"{self.rule} {self.what}: {self.before or 'nothing'} → {self.after or 'nothing'}"


def differences(before: Rulebook, after: Rulebook) -> list[Difference]:
    return list(_differences(before, after))


def changed_rules(before: Rulebook, after: Rulebook) -> list[str]:
    """Rules of the later one that may decide otherwise: new, or changed in more than words."""
    old = {rule.code: _deciding(rule) for rule in before.rules}
    return [rule.code for rule in after.rules if old.get(rule.code) != _deciding(rule)]


def _differences(before: Rulebook, after: Rulebook) -> Iterator[Difference]:
    old = {rule.code: rule for rule in before.rules}
    new = {rule.code: rule for rule in after.rules}
    if before.title != after.title:
        yield Difference("policy", "title", before.title, after.title)
    for code in (code for code in old if code not in new):
        yield Difference(code, "removed", before=in_words(old[code]))
    for code, rule in new.items():
        if code not in old:
            yield Difference(code, "added", after=in_words(rule))
            continue
        was, now = parts(old[code]), parts(rule)
        for what in was:
            if was[what] != now[what]:
                yield Difference(code, what, was[what], now[what])
    both_old = [code for code in old if code in new]
    both_new = [code for code in new if code in old]
    if both_old != both_new:
        yield Difference("policy", "order", " ".join(both_old), " ".join(both_new))


def in_words(rule: Rule) -> str:
    says = parts(rule)
    adds = f", adds {says['adds']}" if says["adds"] else ""
    return (
        f"{rule.title}. When {says['when']}: {says['primary']}{adds}, {says['priority'] or '–'}."
    )


def parts(rule: Rule) -> dict[str, str]:
    """Every part of a rule in words."""
    return {**_deciding(rule), "title": rule.title, "about": rule.about, "reason": rule.reason}


def _deciding(rule: Rule) -> dict[str, str]:
    return {
        "when": rule.when.words if rule.when else "nothing above",
        "acts": rule.acts.value,
        "primary": rule.primary.value,
        "adds": ", ".join(
            f"{add.ask.value} (when {add.when.words})" if add.when else add.ask.value
            for add in rule.adds
        ),
        "priority": "; ".join(
            f"{grade.priority} when {grade.when.words}" if grade.when else grade.priority
            for grade in rule.grades
        ),
    }
