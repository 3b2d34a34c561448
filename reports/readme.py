"""What a package says of itself to whoever opens it first."""

from reports.formats.base import About
from reports.scope import GRADING

_TEXT = """\
{tlp}
{caveat}

Export {export}, made {made} by {installation}
For        {recipient}
Purpose    {purpose}
Authority  {authority}
Asked by   {requester}
Selection  {filter}
Tips       {total}

What is here
  tips.jsonl       each tip as it was reported, scrubbed: one line of JSON, in a fixed form
  tip-hashes.txt   SHA-256 of each of these lines and its tip number. The same tip has the same
                   hash in every export of the same kind, so two packages can be compared.
  Everything else is the same tips in the formats that were asked for.

Words that read [removed] or [held] were taken out before the tip was stored or are held back.
In CSV an apostrophe stands before text that a spreadsheet would calculate; it is not part of it.

{grading}

Is this package whole and unchanged?
  manage.py verify_export {export}.zip --key FILE
  or, with any BagIt tool, bagit --validate on the unpacked folder; and with openssl:
  openssl pkeyutl -verify -pubin -inkey signing.pem -rawin \\
    -in tagmanifest-sha512.txt -sigfile signature.ed25519
  FILE is the key that the installation gave you apart from this package. Compare signing.pem
  with it: a package that is checked with its own key alone proves nothing.

If you are told that a tip was withdrawn or its time is over, destroy every copy of it. When in
doubt whether you may pass something on: you may not; ask the installation.
"""


def readme(about: About) -> str:
    return _TEXT.format(
        tlp=about.tlp,
        caveat=about.caveat,
        export=about.export,
        made=about.made_at.isoformat(timespec="minutes"),
        installation=about.installation,
        recipient=about.recipient,
        purpose=about.purpose,
        authority=about.authority,
        requester=about.requester,
        filter=about.filter,
        total=about.total,
        grading=GRADING,
    )
