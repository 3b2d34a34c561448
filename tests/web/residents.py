"""A resident's browser without scripts: it reads a page, fills it in and presses a button."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from django.test import Client

from tipintake.door import tokens

VOID = {"input", "meta", "link", "br", "img", "hr"}
UNSEEN = {"script", "style", "title", "head"}


@dataclass
class Control:
    name: str
    value: str
    kind: str
    checked: bool = False
    attrs: dict[str, str] = field(default_factory=dict)

    @property
    def sends(self) -> bool:
        return self.kind not in {"checkbox", "radio", "submit"} or self.checked


class Page(HTMLParser):
    """What a page says and what its form holds."""

    def __init__(self, response: Any) -> None:
        super().__init__()
        self.status: int = response.status_code
        self.headers = response.headers
        self.html: str = response.content.decode()
        self.lang = ""
        self.title = ""
        self.said: list[str] = []
        self.links: list[dict[str, str]] = []
        self.ids: list[str] = []
        self.headings: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.controls: list[Control] = []
        self.buttons: list[Control] = []
        self._open: list[str] = []
        self._select = ""
        self._chosen: str | None = None
        self._area: Control | None = None
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append((tag, given))
        if tag not in VOID:
            self._open.append(tag)
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "html":
            self.lang = given.get("lang", "")
        if tag == "a":
            self.links.append(given)
        self._control(tag, given)

    def _control(self, tag: str, given: dict[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "button":
            self.buttons.append(Control(name, given.get("value", ""), "submit", attrs=given))
        elif tag == "input" and name:
            value = given.get("value", "on" if kind == "checkbox" else "")
            self.controls.append(Control(name, value, kind, "checked" in given, given))
        elif tag == "textarea":
            self._area = Control(name, "", "textarea", attrs=given)
            self.controls.append(self._area)
        elif tag == "select":
            self._select, self._chosen = name, None
        elif tag == "option" and (self._chosen is None or "selected" in given):
            self._chosen = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self._chosen is not None:
            self.controls.append(Control(self._select, self._chosen, "select"))
        if tag == "textarea" and self._area is not None:
            self._area.value = self._area.value.removeprefix("\n")
            self._area = None
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.value += data
        text = " ".join(data.split())
        if "title" in self._open:
            self.title += text
        elif text and not UNSEEN & set(self._open):
            self.said.append(text)
            if self._open and self._open[-1] in {"h1", "h2"}:
                self.headings.append(text)

    @property
    def text(self) -> str:
        return " ".join(self.said)

    def form(self) -> dict[str, list[str]]:
        """What the browser would send: each name with its values."""
        values: dict[str, list[str]] = {}
        for control in self.controls:
            if control.sends:
                values.setdefault(control.name, []).append(control.value)
        return values

    def value(self, name: str) -> str:
        return (self.form().get(name) or [""])[0]

    def acts(self) -> list[str]:
        return [button.value for button in self.buttons if button.name == "do"]


class Resident:
    """Somebody with a browser that runs no scripts."""

    def __init__(self, client: Client, *, language: str = "") -> None:
        self.client = client
        self.at = f"/{language}/r/all/" if language else "/r/all/"
        self.page = self.read(self.at)

    def read(self, path: str) -> Page:
        return Page(self.client.get(path))

    def press(self, act: str, **changes: str | list[str]) -> Page:
        """Fill in what `changes` says (field names with - written as __) and press the button."""
        values = self.page.form()
        for name, value in changes.items():
            values[name.replace("__", "-")] = value if isinstance(value, list) else [value]
        button = next(one for one in self.page.buttons if one.value == act)
        path = urlsplit(button.attrs.get("formaction", self.at)).path
        values["do"] = [act]
        self.page = Page(self.client.post(path, values))
        return self.page

    def age_the_token(self, **by: float) -> None:
        """The page has been open for a while."""
        since = datetime.now(UTC) - timedelta(**(by or {"minutes": 3}))
        for control in self.page.controls:
            if control.name == "token":
                control.value = tokens.issue(since)


SEEN: dict[str, str | list[str]] = {
    "category": "SEX_TRAFFICKING",
    "immediacy": "RECENT",
    "minor_present": "UNKNOWN",
    "narrative": "Two women are driven to the motel each night and never leave alone.",
    "indicators": ["CTL_ACCOMPANIED"],
    "locations__0__name": "Budget Inn",
    "locations__0__city": "Wentzville",
    "locations__0__place_type": "HOTEL_MOTEL",
}
