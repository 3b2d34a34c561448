"""Tables of the desk whose words are said in the language of whoever reads."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext


class Spoken(Mapping[str, str]):
    """A table whose words are marked where they stand and translated when they are read."""

    def __init__(self, table: Mapping[str, str]) -> None:
        self._table = dict(table)

    def __getitem__(self, key: str) -> str:
        return gettext(self._table[key])

    def __iter__(self) -> Iterator[str]:
        return iter(self._table)

    def __len__(self) -> int:
        return len(self._table)
