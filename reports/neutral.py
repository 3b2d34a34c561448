"""Text as other programs may take it: no formula in a table, no character that XML refuses."""

import re

# A spreadsheet takes what begins so for a formula; the full-width forms are folded by some.
FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
# XML 1.0: everything but tab, line feed, carriage return and the printable planes.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def for_table(text: str) -> str:
    """The same text; an apostrophe stands before what a spreadsheet would calculate."""
    return "'" + text if text[:1] in FORMULA else text


def for_xml(text: str) -> str:
    """The text with U+FFFD for what XML cannot hold; markup is escaped elsewhere."""
    return _NOT_XML.sub("\ufffd", text)
