"""Whether another site's page sent this form: the browser says so itself."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

FOREIGN = frozenset({"cross-site", "same-site"})

REFUSED = _(
    "This was sent from another website's page, so it was not accepted. "
    "Your words are still here: please press Send on this page."
)


def is_foreign(request: HttpRequest) -> bool:
    """True when the browser says that the page belongs to another site.

    A browser without Sec-Fetch-Site is believed: there is no cookie here that a foreign page
    could ride on.
    """
    return request.META.get("HTTP_SEC_FETCH_SITE", "").strip().lower() in FOREIGN
