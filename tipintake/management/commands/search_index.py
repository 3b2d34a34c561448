"""`manage.py search_index`: write anew what tips are found by."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from rich.console import Console
from rich.progress import Progress

from tipintake.routing.models import Decision
from tipintake.tips import terms
from tipintake.tips.models import SearchTerm, Tip

AT_ONCE = 200


class Command(BaseCommand):
    help = (
        "Write anew what tips are found by. Needed after tips were loaded past the doors, or "
        "after an upgrade that says so; what the doors keep is indexed as it comes. It can be "
        "stopped and begun again at any time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--missing", action="store_true", help="only tips that have no terms at all"
        )

    def handle(self, *_args: Any, missing: bool, **_options: Any) -> None:
        console = Console(file=self.stdout)  # type: ignore[arg-type]  # it writes, which is enough
        tips = Tip.objects.all()
        if missing:
            tips = tips.exclude(pk__in=SearchTerm.objects.values("tip"))
        keys = list(tips.order_by("submitted_hour", "pk").values_list("pk", flat=True))
        with Progress(console=Console(stderr=True), transient=True) as progress:
            bar = progress.add_task("indexing", total=len(keys))
            for start in range(0, len(keys), AT_ONCE):
                some = keys[start : start + AT_ONCE]
                with transaction.atomic():
                    terms.index_anew(
                        Tip.objects.with_all_parts().defer("narrative_sealed").filter(pk__in=some)
                    )
                    decisions = Decision.objects.filter(tip__in=some)
                    terms.place(decisions.values_list("tip", "jurisdiction"))
                progress.update(bar, advance=len(some))
        console.print(f"{len(keys)} tips indexed.")
