"""Parts start group by group, come back when they die, and leave nothing behind."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from config.supervisor import Part, StartFailed, Supervisor, free_port
from tests.waiting import eventually
from tipintake.files import CannotWrite

ROOT = Path(__file__).resolve().parent.parent
SLEEPER = (
    "import time, pathlib, os, sys; "
    "pathlib.Path(sys.argv[1]).write_text(str(os.getpid())); time.sleep(600)"
)


def sleeper(name: str, folder: Path) -> Part:
    mark = folder / f"{name}.pid"
    return Part(name, [sys.executable, "-c", SLEEPER, str(mark)], {}, mark.exists)


def pid_of(name: str, folder: Path) -> int:
    return int((folder / f"{name}.pid").read_text() or 0)


def test_stop_leaves_no_process(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path / "logs", lambda _line: None)
    for name in ("one", "two"):
        supervisor.start(sleeper(name, tmp_path))
    running = [pid_of("one", tmp_path), pid_of("two", tmp_path)]
    supervisor.stop()
    assert not any(psutil.pid_exists(pid) for pid in running)


def test_a_part_that_ends_at_once_is_named_with_its_log(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path / "logs", lambda _line: None)
    broken = Part("broken", [sys.executable, "-c", "raise SystemExit(3)"], {}, lambda: False)
    with pytest.raises(StartFailed, match=r"broken ended at once.*broken\.log"):
        supervisor.start(broken)
    supervisor.stop()


@pytest.mark.processes
def test_a_guard_that_is_told_to_end_while_it_starts_its_part_ends_it(tmp_path: Path) -> None:
    """The part is told, not shot: it has its grace."""
    up, told = tmp_path / "up", tmp_path / "told"
    part = f"trap 'touch {told}; exit' TERM; touch {up}; while :; do sleep 0.05; done"
    held, kept_open = os.pipe()
    script = (
        "import os, signal, subprocess, time\n"
        "from pathlib import Path\n"
        "class Slow(subprocess.Popen):\n"
        "    def __init__(self, *args, **options):\n"
        "        super().__init__(*args, **options)\n"
        f"        while not Path({str(up)!r}).exists(): time.sleep(0.01)\n"
        "        os.kill(os.getpid(), signal.SIGTERM)\n"
        "subprocess.Popen = Slow\n"
        "from config import guard\n"
        f"guard.main(['', '{held}', '10', 'sh', '-c', {part!r}])\n"
    )
    guard = subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, pass_fds=[held], start_new_session=True
    )
    guard.wait(30)
    os.close(held)
    os.close(kept_open)
    assert told.exists()


@pytest.mark.processes
def test_a_killed_parent_leaves_no_orphan(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from tests.test_supervisor import sleeper\n"
        "from config.supervisor import Supervisor\n"
        "folder = Path(sys.argv[1]); s = Supervisor(folder / 'logs', lambda line: None)\n"
        "s.start(sleeper('one', folder)); print('up', flush=True); s.watch()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert parent.stdout is not None
    with parent.stdout as out:
        assert out.readline() == b"up\n"
    child = pid_of("one", tmp_path)
    assert psutil.pid_exists(child)
    parent.kill()
    parent.wait()
    eventually(lambda: not psutil.pid_exists(child), seconds=15)


@pytest.mark.processes
def test_a_killed_part_is_started_again(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from tests.test_supervisor import sleeper\n"
        "from config.supervisor import Supervisor\n"
        "folder = Path(sys.argv[1]); s = Supervisor(folder / 'logs', lambda line: None)\n"
        "s.catch_signals(); s.start(sleeper('one', folder)); print('up', flush=True)\n"
        "s.watch(); s.stop()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert parent.stdout is not None
    with parent.stdout as out:
        assert out.readline() == b"up\n"
        first = pid_of("one", tmp_path)
        os.kill(first, signal.SIGKILL)
        eventually(lambda: pid_of("one", tmp_path) not in {0, first}, seconds=15)
        parent.send_signal(signal.SIGINT)
        assert parent.wait(20) == 0
    second = pid_of("one", tmp_path)
    eventually(lambda: not psutil.pid_exists(second), seconds=5)


def test_a_taken_port_gives_the_next_free_one() -> None:

    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        taken = holder.getsockname()[1]
        got = free_port(taken)
    assert got != taken
    assert taken < got < taken + 200


def test_a_group_starts_at_once_and_one_that_ends_fails_them_all(tmp_path: Path) -> None:
    said: list[str] = []
    supervisor = Supervisor(tmp_path / "logs", said.append)
    first, second = (tmp_path / f"{name}.pid" for name in ("first", "second"))
    # Each is ready only when the other runs: one after the other, neither would ever be.
    supervisor.start(
        Part("first", [sys.executable, "-c", SLEEPER, str(first)], {}, second.exists),
        Part("second", [sys.executable, "-c", SLEEPER, str(second)], {}, first.exists),
    )
    assert sorted(line.split()[0] for line in said) == ["first", "second"]
    broken = Part("broken", [sys.executable, "-c", "raise SystemExit(3)"], {}, lambda: False)
    with pytest.raises(StartFailed, match="broken ended at once"):
        supervisor.start(sleeper("third", tmp_path), broken)
    eventually(lambda: (tmp_path / "third.pid").exists(), seconds=15)
    running = [pid_of(name, tmp_path) for name in ("first", "second", "third")]
    supervisor.stop()
    assert not any(psutil.pid_exists(pid) for pid in running)


def test_who_ended_is_not_taken_for_ready_because_another_answers_there(tmp_path: Path) -> None:
    """Its own end shows first, however long the other takes to answer."""
    ended = tmp_path / "ended"
    supervisor = Supervisor(tmp_path / "logs", lambda _line: None)
    script = f"import pathlib; pathlib.Path({str(ended)!r}).touch(); raise SystemExit(3)"

    def another_answers() -> bool:
        eventually(ended.exists, seconds=15)
        return True

    gone = Part("gone", [sys.executable, "-c", script], {}, another_answers)
    slow = Part("slow", [sys.executable, "-c", SLEEPER, str(tmp_path / "x")], {}, lambda: False)
    with pytest.raises(StartFailed, match="gone ended"):
        supervisor.start(gone, slow)
    supervisor.stop()


def test_a_part_of_an_earlier_group_that_ends_fails_the_start(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path / "logs", lambda _line: None)
    supervisor.start(sleeper("broker", tmp_path))
    os.kill(pid_of("broker", tmp_path), signal.SIGKILL)
    waits = Part("waits", [sys.executable, "-c", SLEEPER, str(tmp_path / "x")], {}, lambda: False)
    with pytest.raises(StartFailed, match=r"broker ended while others started.*broker\.log"):
        supervisor.start(waits)
    supervisor.stop()


def test_logs_that_cannot_be_written_are_said(tmp_path: Path) -> None:
    (tmp_path / "logs").touch()
    with pytest.raises(CannotWrite, match="logs cannot be written"):
        Supervisor(tmp_path / "logs", lambda _line: None)
