"""What it costs to refuse a picture that is small as a file and endless when it is decoded.

`python -m bench.bombs`: processor time of the process that opens it, beyond what the same process
takes for an empty file, and its largest memory.
"""

from statistics import median

from tests.privacy.attachments import corpus
from tests.privacy.attachments.spent import spent_on

ROUNDS = 7
MOST = 200  # milliseconds


def main() -> None:
    start = median(spent_on(b"").seconds for _ in range(ROUNDS))
    print(f"{'empty file':<10} {start * 1000:6.0f} ms: what starting the process takes")
    for case in corpus.hostile():
        if case.name not in corpus.BOMBS:
            continue
        spent = [spent_on(case.data) for _ in range(ROUNDS)]
        beyond = (median(one.seconds for one in spent) - start) * 1000
        peak = max(one.peak_kilobytes for one in spent) / 1024
        verdict = "below" if beyond < MOST else "NOT BELOW"
        print(f"{case.name:<10} {beyond:+6.0f} ms, {verdict} {MOST} ms; {peak:.0f} MB at most")


if __name__ == "__main__":
    main()
