"""What is sealed in a tip's rows, and how the desk opens it."""

from uuid import UUID

from tipintake.privacy.keys import PublicKeys
from tipintake.privacy.seal import DataKey, PrivateKey, Sealed, open_with, seal_to
from tipintake.tips.models import HeldSpan, Tip, VaultEntry


def context(tip_id: UUID, field: str) -> str:
    """Binds a sealed value to its tip and field: moved elsewhere it does not open."""
    return f"tip:{tip_id}:{field}"


def data_key(tip: Tip, private: PrivateKey) -> DataKey:
    """The tip's own key. Raises `seal.CannotOpen`, or `DataKey.DoesNotExist` after a purge."""
    return DataKey.unseal(Sealed(tip.data_key.sealed), private)


def narrative_of(tip: Tip, private: PrivateKey) -> str:
    sealed = Sealed(tip.narrative_sealed)
    return data_key(tip, private).open(sealed, context=context(tip.id, "narrative")).decode()


def held_words_of(span: HeldSpan, private: PrivateKey) -> str:
    """What the rules could not attribute, for the privacy officer."""
    bound = context(span.tip_id, f"held:{span.field}")
    mailbox = data_key(span.tip, private).mailbox
    return open_with(mailbox, Sealed(span.sealed), context=bound).decode()


def vault_entry(tip: Tip, field: str, kind: str, name: str, public: PublicKeys) -> VaultEntry:
    """The name of a victim or minor, sealed to the vault key; not yet written."""
    bound = context(tip.pk, f"vault:{field}")
    return VaultEntry(
        tip=tip,
        field=field,
        kind=kind[:24],
        sealed=seal_to(public.vault, name.encode(), context=bound),
        vault_key_id=public.vault_id,
    )


def vault_words_of(entry: VaultEntry, vault_private: PrivateKey) -> str:
    """The name of a victim or minor, for the role that may, with a reason that is recorded."""
    bound = context(entry.tip_id, f"vault:{entry.field}")
    return open_with(vault_private, Sealed(entry.sealed), context=bound).decode()
