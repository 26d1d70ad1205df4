"""Mail to customers leaves here and nowhere else: tests/house holds every other module to it.

What is sent here is the business's answer to something the customer did (a link to confirm with). Whatever is sent on our
own account must have passed the gate first.
"""

from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from .ledger import BadChoice


def send(*, to: str, subject: str, text: str) -> None:
    """Send one plain mail now. Raises BadChoice when the mail server does not take it."""
    line = " ".join(subject.split())
    message = EmailMessage(subject=line, body=text, to=[to], headers={"Auto-Submitted": "auto-generated"})
    try:
        message.send()
    except OSError as problem:  # what smtplib raises is one, too
        raise BadChoice(
            "mail", _("The mail could not be sent. Look at the mail server's settings and try again.")
        ) from problem
