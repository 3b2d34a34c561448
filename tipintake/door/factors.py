"""How second factors lie in the database: sealed. Named in the settings as allauth's adapter."""

import base64
import binascii
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser

from tipintake.privacy import keys
from tipintake.privacy.seal import CannotOpen, Sealed
from tipintake.tips import accounts_key

SEALED_FOR = "second factor"
NAME = "Tip desk"


class SealedFactors(DefaultMFAAdapter):
    """Secrets of apps and recovery codes open with a key that is not in the database."""

    def encrypt(self, text: str) -> str:
        """Raises KeyMissing."""
        key = accounts_key.key_to_seal(settings.PRIVATE_KEYS_DIR)
        return base64.b64encode(key.seal(text.encode(), context=SEALED_FOR)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises KeyMissing or CannotOpen."""
        key = keys.accounts_key(settings.PRIVATE_KEYS_DIR)
        try:
            sealed = Sealed(base64.b64decode(encrypted_text, validate=True))
        except binascii.Error:
            raise CannotOpen from None
        return key.open(sealed, context=SEALED_FOR).decode()

    def get_totp_issuer(self) -> str:
        return NAME

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": context.request.get_host().partition(":")[0], "name": NAME}

    def _get_user_identifier(self, user: AbstractBaseUser) -> str:
        return user.get_username()

    def send_notification_mail(self, *_args: Any, **_kwargs: Any) -> None:
        """Staff accounts need no address; the audit has the entry."""
