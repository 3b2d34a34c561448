"""Pages that need neither a template nor the database, for when those are what failed."""

from collections.abc import Iterable

from django.http import HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from tipintake.privacy.receipts import ReceiptCode

PAGE = """<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
</head>
<body>
<main>
<h1>{title}</h1>
{parts}
<p><strong>{danger}</strong></p>
</main>
</body>
</html>
"""
CODE = """<h2>{label}</h2>
<p translate="no"><strong>{code}</strong></p>"""


def page(title: str, *parts: SafeString) -> SafeString:
    """In the language that is active."""
    return format_html(
        PAGE,
        lang=get_language() or "en",
        title=title,
        parts=format_html_join("\n", "{}", ([part] for part in parts)),
        danger=gettext("If someone is in danger now, call 911."),
    )


def receipt(code: ReceiptCode, *, title: str, label: str, sentences: list[str]) -> HttpResponse:
    """The tip is kept, and its code is shown only now."""
    shown = format_html(CODE, label=label, code=code.pretty)
    return HttpResponse(page(title, shown, *_paragraphs(sentences)), status=201)


def perhaps_kept(*, title: str, sentences: list[str]) -> HttpResponse:
    """Whether the tip is kept cannot be asked now: what was typed is in the browser alone."""
    return HttpResponse(page(title, *_paragraphs(sentences)), status=503)


def _paragraphs(sentences: Iterable[str]) -> list[SafeString]:
    return [format_html("<p>{}</p>", one) for one in sentences]
