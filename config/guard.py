"""Runs one command of the installation and ends it, with all it started, when its parent is gone.

`python -I guard.py FD GRACE COMMAND…`: FD is the reading end of a pipe whose writing end only
the parent holds. Its end-of-file means that the parent died, by whatever means, on every system.
Plain standard library, so that a guard costs little and starts at once.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from queue import SimpleQueue

PR_SET_PDEATHSIG = 1

# Told to end: by a signal or by the pipe. A signal may come while another is noted, which a lock
# would not survive.
Asked = SimpleQueue[None]


def main(argv: list[str]) -> None:
    pipe, grace, command = int(argv[1]), float(argv[2]), argv[3:]
    asked: Asked = SimpleQueue()
    # Before there is a child: a guard that is told to end just then must still end it.
    signal.signal(signal.SIGTERM, lambda *_: asked.put(None))
    child = subprocess.Popen(command, preexec_fn=_die_with_guard)  # noqa: PLW1509
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_watch, args=(pipe, asked), daemon=True).start()
    threading.Thread(target=_end, args=(asked, child, grace), daemon=True).start()
    child.wait()
    _kill_group()


def _die_with_guard() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _watch(pipe: int, asked: Asked) -> None:
    while os.read(pipe, 1):
        pass
    asked.put(None)


def _end(asked: Asked, child: "subprocess.Popen[bytes]", grace: float) -> None:
    asked.get()
    child.terminate()
    until = time.monotonic() + grace
    while child.poll() is None and time.monotonic() < until:
        time.sleep(0.05)
    _kill_group()


def _kill_group() -> None:
    """The guard leads its group: what the command left behind goes, and so does the guard."""
    os.killpg(os.getpgid(0), signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv)
