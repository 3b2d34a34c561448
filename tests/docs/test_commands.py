"""Whatever a document tells people to type is something that can be typed."""

import re
from collections.abc import Iterator

import pytest
import yaml
from django.core.management import CommandError, get_commands, load_command_class

from tests.docs.commands import ABBREVIATED, ACTED_ON, ASSIGNED, EVERYWHERE, ROOT, Typed, typed_in

EVERY = list(dict.fromkeys(one for page in EVERYWHERE for one in typed_in(page)))
MANAGED = [one for one in EVERY if one.managed]
# What a block for a shell may begin with besides our own commands.
OF_A_MACHINE = frozenset(
    "curl python3 python mkdir printf chown sudo journalctl word echo git cp openssl".split()
)


def parse(name: str, given: list[str]) -> None:
    apps = get_commands()
    if name not in apps:
        raise CommandError(f"there is no command {name}")
    load_command_class(apps[name], name).create_parser("manage.py", name).parse_args(given)


def test_there_are_such_commands() -> None:
    assert len([one for one in MANAGED if one.fenced]) > 40


@pytest.mark.parametrize("one", MANAGED, ids=str)
def test_a_command_takes_what_a_document_gives_it(one: Typed) -> None:
    name, *given = one.managed
    if not one.fenced and ABBREVIATED.search(one.text):
        assert name.split("|")[0] in get_commands(), f"{one}: there is no such command"
        return
    if not one.fenced and (not given or "--help" in given):
        assert name in get_commands(), f"{one}: there is no such command"
        return
    try:
        parse(name, given)
    except CommandError as problem:
        if not one.fenced and len(given) < 2 and "required" in str(problem):
            return  # named in passing, as in "`manage.py policy show`"
        pytest.fail(f"{one}: {problem}")


def targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    return set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))


def made() -> Iterator[Typed]:
    for one in EVERY:
        if one.words[:1] == ["make"] and len(one.words) > 1:
            yield one


@pytest.mark.parametrize("one", list(made()), ids=str)
def test_what_is_to_be_made_is_in_the_makefile(one: Typed) -> None:
    given = [word for word in one.words[1:] if "=" not in word and not word.startswith("-")]
    assert set(given) <= targets(), str(one)


@pytest.mark.parametrize(
    "one", [one for one in EVERY if one.words[:2] == ["docker", "compose"]], ids=str
)
def test_a_service_that_is_named_is_in_the_compose_file(one: Typed) -> None:
    described = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    services = described["services"]
    profiles = {name for service in services.values() for name in service.get("profiles", ())}
    words = iter(one.words[2:])
    for word in words:
        if word == "--profile":
            assert next(words) in profiles, str(one)
        elif word == "--scale":
            assert next(words).partition("=")[0] in services, str(one)
        elif word in {"run", "up", "logs", "build"}:
            break
    rest = list(words)
    scaled = [rest[at + 1] for at, word in enumerate(rest) if word == "--scale"]
    named = [word for word in rest if not word.startswith("-") and word not in scaled]
    for word in [*(one.partition("=")[0] for one in scaled), *named[:1]]:
        assert word in services, str(one)


def test_blocks_for_a_shell_hold_nothing_else() -> None:
    strange = []
    for page in ACTED_ON:
        for one in typed_in(page):
            if one.language != "sh":
                continue
            words = [word for word in one.words if not ASSIGNED.match(word)]
            first = words[0].rstrip("()") if words else ""
            known = one.managed or first in {"make", "docker", "", *OF_A_MACHINE}
            if not known:
                strange.append(str(one))
    assert strange == []


def test_the_help_of_an_export_says_what_each_level_shows(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        parse("export_tips", ["--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert "CODES: Codes only: kinds, signs and town; no words, names, plates or numbers" in said
    assert "the recipient's public age key" in said
