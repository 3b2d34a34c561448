"""Time of one core that the scrubber takes for tips of 130 words: python -m bench.scrub [COUNT]"""

from __future__ import annotations

import statistics
import sys
import time

from bench._outcomes import narratives_of
from tipintake.privacy.scrub import scrub

WORDS = 130
WARM_UP = 5


def tips_of_130_words() -> list[str]:
    """Labelled narratives joined and cut to 130 words."""
    words: list[str] = []
    tips: list[str] = []
    for row in narratives_of("dev"):
        words += row["text"].split()
        if len(words) >= WORDS:
            tips.append(" ".join(words[:WORDS]))
            words = []
    return tips


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    tips = tips_of_130_words()
    for tip in tips[:WARM_UP]:
        scrub(tip)
    times = []
    for at in range(count):
        start = time.process_time()
        scrub(tips[at % len(tips)])
        times.append(time.process_time() - start)
    cuts = statistics.quantiles(times, n=100)
    print(
        f"{count / sum(times):.0f} texts/s  p50 {statistics.median(times) * 1000:.1f} ms"
        f"  p99 {cuts[98] * 1000:.1f} ms"
    )


if __name__ == "__main__":
    main()
