"""What opening a file takes of the machine: the child alone, in a parent made for it.

The peak of a process counts what its parent held when it was started, and a parent keeps the
largest of all its children: so each file has a small parent of its own.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PARENT = """
import json, resource, sys
from tipintake.privacy.attachments import Unusable, sanitize
refusal = ""
try:
    sanitize(sys.stdin.buffer.read())
except Unusable as refused:
    refusal = refused.code
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([refusal, used.ru_utime + used.ru_stime, used.ru_maxrss]))
"""


@dataclass(frozen=True, slots=True)
class Spent:
    refusal: str  # its code; "" when the file was taken
    seconds: float  # of processor time
    peak_kilobytes: int


def spent_on(data: bytes) -> Spent:
    done = subprocess.run(
        [sys.executable, "-c", PARENT], cwd=ROOT, input=data, capture_output=True, check=True
    )
    return Spent(*json.loads(done.stdout))
