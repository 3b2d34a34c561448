"""Copies of the region's pack that a test may break."""

import shutil
from pathlib import Path

from django.conf import settings

HOME_PACK = Path(settings.REGIONS_DIR) / "st-louis"


def copy(to: Path) -> Path:
    return Path(shutil.copytree(HOME_PACK, to / "st-louis"))


def edit(folder: Path, file: str, old: str, new: str) -> None:
    """Replace one piece of one file, which must be there."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} does not stand in {file}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def append(folder: Path, file: str, text: str) -> None:
    with (folder / file).open("a", encoding="utf-8") as stream:
        stream.write(text)


def without_contacts(folder: Path, line: str, role: str) -> None:
    """Take away every contact of this role from one line of the directory."""
    path = folder / "directory.toml"
    head, *blocks = path.read_text(encoding="utf-8").split("\n[[")
    kept, inside = [], ""
    for block in blocks:
        if block.startswith("line]]"):
            inside = block.split('code = "')[1].split('"')[0]
        if block.startswith("line.contact]]") and inside == line and f'"{role}"' in block:
            continue
        kept.append(block)
    path.write_text("\n[[".join([head, *kept]), encoding="utf-8")
