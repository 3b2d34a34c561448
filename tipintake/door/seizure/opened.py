"""The second pass: whoever holds every key opens everything. What stood behind a plain cue is gone
there too, or a scrubber that removes nothing would pass the first.
"""

from collections.abc import Iterable, Iterator

from tipintake.door.seizure.search import Place
from tipintake.privacy.seal import PrivateKey
from tipintake.tips.messages import words_for_desk
from tipintake.tips.models import Tip
from tipintake.tips.pictures import jpeg_of, preview_of
from tipintake.tips.secrets import data_key, held_words_of, narrative_of, vault_words_of


def opened(tips: Iterable[Tip], *, desk: PrivateKey, vault: PrivateKey) -> Iterator[Place]:
    """Every sealed word and picture of these tips."""
    for tip in tips:
        yield f"the words of {tip.reference}", narrative_of(tip, desk).encode()
        for message in tip.messages.all():
            yield f"a message of {tip.reference}", words_for_desk(message, desk).encode()
        for row in tip.attachments.all():
            yield f"a picture of {tip.reference}", jpeg_of(row, desk)
            yield f"a blurred picture of {tip.reference}", preview_of(row, data_key(tip, desk))
        for span in tip.held_spans.all():
            yield f"a held span of {tip.reference}", held_words_of(span, desk).encode()
        for entry in tip.vault.all():
            yield f"the vault of {tip.reference}", vault_words_of(entry, vault).encode()
