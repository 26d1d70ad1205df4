"""Sign-in links on their way to people: made, and mailed where a mail server is set."""

import logging
from dataclasses import dataclass
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.utils import translation
from django.utils.translation import gettext as _

from .actor import Actor, Right
from .models import Staff
from .roles import check_may_give
from .signin import make_link
from .staff import invite

log = logging.getLogger("kartoteka.trust")


@dataclass(frozen=True)
class Invitation:
    """A link that lets somebody in once: its whole address, and whether it went off by mail."""

    staff: Staff
    address: str
    mailed: bool


def invite_to(*, site: str, email: str, name: str, role: str, by: Actor) -> Invitation:
    """A new member of staff with their first link. site: the address of the installation, without a slash at its end.

    Raises CannotChangeStaff, NotAllowed.
    """
    staff, path = invite(email=email, name=name, role=role, by=by)
    return _sent(staff, site + path)


def new_link(*, site: str, staff: Staff, by: Actor) -> Invitation:
    """Another link for somebody who cannot come in; the one before stops working. Raises NotAllowed."""
    by.must(Right.STAFF)
    check_may_give(staff.role, by=by)  # a link to somebody is a link to all they may do
    return _sent(staff, site + make_link(staff=staff, by=by))


def _sent(staff: Staff, address: str) -> Invitation:
    return Invitation(staff, address, mailed=bool(settings.KARTOTEKA.mail_url) and _mail(staff, address))


def _mail(staff: Staff, address: str) -> bool:
    with translation.override(staff.language or settings.LANGUAGE_CODE):
        subject = _("Your way into Kartoteka")
        text = _("Hello %(name)s,\n\nthis link lets you in, once, within a day:\n\n%(address)s\n") % {
            "name": staff,
            "address": address,
        }
    try:
        return bool(send_mail(subject, text, None, [staff.email]))
    except (SMTPException, OSError):
        log.exception("a sign-in link could not be mailed", extra={"staff": staff.pk})
        return False
