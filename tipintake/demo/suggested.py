"""Which tips the installation itself would link: what the score of a demo judges.

This is the one place that knows who suggests links. Today it is the comparison that brings two
tips to a task force (tips/shared.py): exact plates, telephone numbers and rooms within 90 days.
"""

from collections.abc import Iterator, Sequence

from tipintake.pipeline.corroborate import numbers_of_lines
from tipintake.tips import shared
from tipintake.tips.models import Tip

READ_AT_ONCE = 100


def suggested_pairs(references: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Pairs of tip numbers. At least each pair with one of these tips; in any order."""
    names = dict(Tip.objects.values_list("pk", "reference"))
    leaving_out = numbers_of_lines()
    for at in range(0, len(references), READ_AT_ONCE):
        tips = list(Tip.objects.filter(reference__in=references[at : at + READ_AT_ONCE]))
        for one in shared.matches(tips, leaving_out=leaving_out):
            yield names[one.tip], names[one.other]
