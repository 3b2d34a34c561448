"""A desk, and agencies whose systems ask it with tokens."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.web.desk.conftest import Lines, MakeTip, desk_host, lines, log_on, make_tip
from tipintake.pipeline import bell
from tipintake.staff import tokens
from tipintake.staff.models import PartnerToken
from tipintake.staff.tokens import Scope
from tipintake.tips.models import Tip

__all__ = ["desk_host", "lines", "log_on", "make_tip"]

HOME = "/api/v1/partner/hand-offs"


@dataclass
class Agency:
    """A system that shows this token."""

    text: str
    token: PartnerToken | None = None
    client: Client = field(default_factory=Client)

    def get(self, path: str = "", **headers: str) -> Any:
        return self.client.get(HOME + path, headers=self._with(headers))

    def post(self, path: str, body: object = None, **headers: str) -> Any:
        data = b"" if body is None else json.dumps(body).encode()
        return self.client.post(
            HOME + path, data, content_type="application/json", headers=self._with(headers)
        )

    def listed(self, query: str = "") -> list[str]:
        """References of the hand-offs on one page."""
        answer = self.get(query)
        assert answer.status_code == 200, answer.content
        return [one["reference"] for one in answer.json()["hand_offs"]]

    def tag(self, tip: Tip, line: str = "wentzville-pd") -> str:
        answer = self.get(f"/{line}/{tip.reference}")
        assert answer.status_code == 200, answer.content
        return str(answer.headers["ETag"])

    def answer(
        self,
        tip: Tip,
        act: str,
        body: object = None,
        *,
        line: str = "wentzville-pd",
        tag: str = "",
    ) -> Any:
        """Answer for a tip, to the state that was read just before."""
        named = {"If-Match": tag or self.tag(tip, line)}
        return self.post(f"/{line}/{tip.reference}/{act}", body, **named)

    def _with(self, headers: dict[str, str]) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.text}", **headers}


MakeAgency = Callable[..., Agency]


@pytest.fixture
def agency_of(lines: Lines) -> MakeAgency:
    def make(*codes: str, scopes: tuple[Scope, ...] = tuple(Scope), days: int = 90) -> Agency:
        made = tokens.make(
            "Records system",
            lines=codes or ("wentzville-pd",),
            scopes=scopes,
            days=days,
            actor="test",
            now=timezone.now(),
        )
        return Agency(made.text, made.token)

    return make


@pytest.fixture
def wentzville(agency_of: MakeAgency) -> Agency:
    return agency_of("wentzville-pd")


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch, desk_host: None) -> list[str]:
    """How often the bell for notices was rung."""
    heard: list[str] = []
    monkeypatch.setattr(bell, "ring_notify", lambda: heard.append("notify"))
    return heard


def kind(answer: Any) -> str:
    """The kind of problem that an answer is."""
    assert answer.headers["Content-Type"] == "application/problem+json", answer.content
    content = answer.json()
    assert content["status"] == answer.status_code
    assert content["detail"]
    return str(content["type"]).rpartition(":")[2]


__all__ += ["Lines", "MakeTip"]
