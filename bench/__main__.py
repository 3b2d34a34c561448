"""`python -m bench [NAME…]`: each benchmark prints figures and the ratios of its own run."""

import sys
from pathlib import Path
from runpy import run_module

# Packages of its own (make bench-scrub); runs of many minutes.
APART = {"peer", "kills", "ledger", "fuzz", "load", "flood", "faults", "soak"}
NAMES = sorted(
    path.stem
    for path in Path(__file__).parent.glob("*.py")
    if not path.stem.startswith("_") and path.stem not in APART
)


def main() -> None:
    wanted = sys.argv[1:] or NAMES
    unknown = [name for name in wanted if name not in NAMES]
    if unknown:
        sys.exit(f"No benchmark {', '.join(unknown)}; there are {', '.join(NAMES)}.")
    for name in wanted:
        print(f"== {name}", flush=True)
        sys.argv = [f"bench.{name}"]
        run_module(f"bench.{name}", run_name="__main__")


if __name__ == "__main__":
    main()
