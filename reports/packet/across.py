"""What tips of several volumes of a packet name: told in the last of them."""

from dataclasses import dataclass, field
from typing import Any

from reports.packet.index import Index
from reports.rows import TipRow


@dataclass(slots=True)
class Across:
    _index: Index = field(default_factory=Index)
    _volumes: dict[str, int] = field(default_factory=dict)

    def add(self, row: TipRow, volume: int) -> None:
        self._index.add(row)
        self._volumes[row.reference] = volume

    def values(self) -> list[dict[str, Any]]:
        """A table for each section that holds something, as those of a volume's index; each tip
        with its volume."""
        found = []
        for section in self._index.values():
            rows = [
                {**row, "tips": [[tip, str(self._volumes[tip])] for tip in row["tips"]]}
                for row in section["rows"]
                if len({self._volumes[tip] for tip in row["tips"]}) > 1
            ]
            if rows:
                found.append({**section, "rows": rows})
        return found
