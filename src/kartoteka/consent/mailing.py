"""Mail to customers leaves here and nowhere else: tests/house holds every other module to it.

What is sent here is the business's answer to something the customer did (a link to confirm with). Whatever is sent on our
own account must have passed the gate first.
"""

from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from .ledger import BadChoice
from .public import business_name


def send(*, to: str, subject: str, text: str) -> None:
    """Send one plain mail now. Raises BadChoice when the mail server does not take it."""
    line, business = " ".join(subject.split()), business_name()
    message = EmailMessage(
        subject=line,
        body=f"{text}\n{business}\n" if business else text,
        from_email=_from(business),
        to=[to],
        headers={"Auto-Submitted": "auto-generated"},
    )
    try:
        message.send()
    except OSError as problem:  # what smtplib raises is one, too
        raise BadChoice(
            "mail", _("The mail could not be sent. Look at the mail server's settings and try again.")
        ) from problem


def _from(business: str) -> str:
    """The sender, under the business's name where the installation gives none with the address."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((name or business, address)) if address else settings.DEFAULT_FROM_EMAIL
