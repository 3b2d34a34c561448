"""The signs in words, looked up once: translating each anew would take a tenth of an export."""

from functools import cache

from tipintake.tips.indicators import INDICATORS


@cache
def sign(code: str) -> tuple[str, str]:
    """Label and severity; empty for a code that is no longer known."""
    known = INDICATORS.get(code)
    return (str(known.label), known.severity) if known else ("", "")
