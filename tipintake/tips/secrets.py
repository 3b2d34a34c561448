"""What is sealed in a tip's rows, and how the desk opens it."""

from uuid import UUID

from tipintake.privacy.seal import DataKey, PrivateKey, Sealed
from tipintake.tips.models import Tip


def context(tip_id: UUID, field: str) -> str:
    """Binds a sealed value to its tip and field: moved elsewhere it does not open."""
    return f"tip:{tip_id}:{field}"


def data_key(tip: Tip, private: PrivateKey) -> DataKey:
    """The tip's own key. Raises `seal.CannotOpen`, or `DataKey.DoesNotExist` after a purge."""
    return DataKey.unseal(Sealed(tip.data_key.sealed), private)


def narrative_of(tip: Tip, private: PrivateKey) -> str:
    sealed = Sealed(tip.narrative_sealed)
    return data_key(tip, private).open(sealed, context=context(tip.id, "narrative")).decode()
