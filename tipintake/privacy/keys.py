"""Keys of one installation, in files outside the database (mode 0600)."""

import secrets
from pathlib import Path


def web_secret(folder: Path) -> str:
    """The secret that signs form tokens and desk sessions; made on first use."""
    return _made_once(folder / "web.secret", lambda: secrets.token_urlsafe(48))


def _made_once(path: Path, make) -> str:  # type: ignore[no-untyped-def]
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with path.open("x", encoding="ascii") as file:
            path.chmod(0o600)
            file.write(make())
    except FileExistsError:
        pass
    return path.read_text(encoding="ascii").strip()
