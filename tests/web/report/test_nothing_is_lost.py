"""Every field of the steps, with what no field takes typed into it: after a fault, Back, a reload
and the other language all of it is there again."""

import pytest
from django import forms
from django.http import QueryDict
from django.test import Client
from pytest_django import Settings
from redis import Redis

from tests.web.report.test_steps import KIND, Walker, everything, stored, walker
from tests.web.residents import SEEN, Page, Resident
from tipintake.directory.gazetteer import Gazetteer
from tipintake.tips.models import Tip
from tipintake.web.report import exits
from tipintake.web.report.steps import STEPS, Step
from tipintake.web.report.typed import Typed

__all__ = ["stored", "walker"]  # fixtures

FIELDS_AT_LEAST = 70


def choices_of(field: forms.Field) -> list[str]:
    if isinstance(field.widget, exits.ListOfExits):
        roads = [some for _road, some in exits.choices() if not isinstance(some, str)]
        return [value for some in roads for value, _label in some]
    return [str(value) for value, _label in getattr(field.widget, "choices", ()) if value]


def typed_into(field: forms.Field, at: int) -> list[str]:
    if isinstance(field.widget, forms.CheckboxSelectMultiple):
        return choices_of(field)[:3]
    if isinstance(field.widget, forms.Select | forms.RadioSelect):
        return choices_of(field)[-1:]
    if isinstance(field.widget, forms.CheckboxInput):
        return ["on"]
    return [f"no. {at} “words” <b>&"]


def filled(step: Step) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for section in Typed(QueryDict()).sections():
        for name, field in section.fields.items():
            key = section.add_prefix(name)
            if step.owns(key):
                found[key] = typed_into(field, len(found))
    return found


def stands(page: Page, values: dict[str, list[str]]) -> None:
    form = page.form()
    assert {key: form.get(key) for key in values} == values


def test_every_field_survives_a_fault_back_and_the_other_language(
    walker: Walker, stored: Redis
) -> None:
    answers = {step.number: filled(step) for step in STEPS}
    assert sum(map(len, answers.values())) >= FIELDS_AT_LEAST
    answers[1] = {key: [str(value)] for key, value in KIND.items()}
    for number, values in answers.items():
        here = f"/r/{number}/"
        given = {**walker.go(here).form(), **values}
        if number == 1:
            given["token"] = [walker.page.value("token")]
        walker.post(here, {**given, "do": ["continue"]})
        stands(walker.go(here), values)
        walker.post(here, {**given, "do": ["back"]})
        stands(walker.go(here), values)
        stands(walker.post(f"/es{here}", {**given, "do": ["language"]}), values)
        stands(walker.post(here, {**given, "do": ["language"]}), values)
    for number, values in answers.items():
        stands(walker.go(f"/r/{number}/"), values)
    assert b"words" not in everything(stored)
    walker.client.get("/exit/")
    assert everything(stored) == b""


@pytest.mark.parametrize("language", ["", "es"])
def test_with_the_broker_down_one_page_still_sends(
    region: Gazetteer, settings: Settings, language: str
) -> None:
    settings.REDIS_URL = "redis+socket:///nowhere/valkey.sock"
    resident = Resident(Client(), language=language)
    resident.age_the_token()
    resident.press("check", **SEEN)
    assert resident.press("send").status == 201
    assert Tip.objects.count() == 1
