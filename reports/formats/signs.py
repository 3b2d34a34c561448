"""The signs in words, looked up once: translating each anew would take a tenth of an export."""

from functools import cache

from tipintake.tips.indicators import INDICATORS


@cache
def sign(code: str) -> tuple[str, str]:
    """Label and severity; empty for a code that is no longer known."""
    known = INDICATORS.get(code)
    return (str(known.label), known.severity) if known else ("", "")


@cache
def signs() -> dict[str, tuple[str, str]]:
    return {code: sign(code) for code in INDICATORS}
