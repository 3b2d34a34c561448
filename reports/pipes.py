"""A process beside the exporter, and what both say to each other: blocks with their length before.

It sees the folders in which programs lie and nothing else of the exporter's surroundings.
"""

import os
import struct
import subprocess
import sys
from pathlib import Path
from typing import IO

_LENGTH = struct.Struct(">Q")
_ROOT = Path(__file__).resolve().parents[1]
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME", "LANG", "LC_ALL", "SYSTEMROOT")


def beside(module: str) -> "subprocess.Popen[bytes]":
    """Start a module of ours in a process that ends when its pipes do."""
    allowed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return subprocess.Popen(
        (sys.executable, "-m", module),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env={**allowed, "PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
    )


def send(pipe: IO[bytes], content: bytes) -> None:
    pipe.write(_LENGTH.pack(len(content)))
    pipe.write(content)
    pipe.flush()


def received(pipe: IO[bytes]) -> bytes:
    """The next block. Raises EOFError when the other side has ended."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    content = pipe.read(length)
    if len(content) < length:
        raise EOFError
    return content
