"""Every target by its name. Another one stands in one of the three tables and nowhere else."""

from collections.abc import Mapping

from tests.fuzz.doors import DOORS
from tests.fuzz.files import ON_FILES
from tests.fuzz.plain import PLAIN
from tests.fuzz.target import Target

TARGETS: Mapping[str, Target] = {one.name: one for one in (*PLAIN, *ON_FILES, *DOORS)}
