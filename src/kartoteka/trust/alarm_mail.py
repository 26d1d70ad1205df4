"""Alarms by mail, besides the page: to the owners, once, where a mail server is set, so that they hear of it at once.

An alarm is claimed before it is sent and noted after: a mail server that takes nothing is tried again later. The mail names
whoever raised it, and no customer.
"""

import datetime as dt
import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from .alarms import KINDS
from .models import Alarm, Staff
from .presets import OWNER

log = logging.getLogger("kartoteka.alarms")
_AGAIN_AFTER = dt.timedelta(minutes=5)
_TOO_LATE = dt.timedelta(hours=12)  # what is older stands on the page
# Of these the owner is told elsewhere, and they are no breach.
_NOT_MAILED = ("late callback",)


def mail_alarms(*, now: dt.datetime | None = None) -> int:
    """Mail the owners what was raised since, unless somebody looked into it; of how many alarms they were told."""
    if not settings.KARTOTEKA.mail_url:
        return 0
    moment = now or timezone.now()
    free = Q(mail_claimed_at=None) | Q(mail_claimed_at__lt=moment - _AGAIN_AFTER)
    waiting = Alarm.objects.filter(free, mailed_at=None, seen_at=None, at__gt=moment - _TOO_LATE)
    keys = list(waiting.exclude(kind__in=_NOT_MAILED).values_list("pk", flat=True)[:50])
    mine = [key for key in keys if waiting.filter(pk=key).update(mail_claimed_at=moment)]
    alarms = list(Alarm.objects.filter(pk__in=mine).order_by("at", "pk"))
    told = [_mailed(owner, alarms) for owner in Staff.objects.working().filter(role=OWNER)] if alarms else []
    if all(told):
        Alarm.objects.filter(pk__in=mine).update(mailed_at=moment)
    return len(alarms)


def _mailed(owner: Staff, alarms: list[Alarm]) -> bool:
    """Whether an owner was told of those that they did not raise themselves."""
    others = [each for each in alarms if (each.actor_kind, each.actor_key) != ("staff", owner.pk)]
    if not others or "@" not in owner.email or owner.email.endswith("@localhost"):
        return True
    with translation.override(owner.language or settings.LANGUAGE_CODE):
        subject = _("Alarm: %(who)s %(what)s") % _words(others[0])
        lines = [
            "{}: {who} {what}".format(
                date_format(timezone.localtime(each.at), "SHORT_DATETIME_FORMAT"), **_words(each)
            )
            for each in others
        ]
        lines += ["", _("Look into it under Alarms."), _address()]
    letter = EmailMessage(
        subject=" ".join(subject.split())[:200],
        body="\n".join(lines).rstrip() + "\n",
        to=[owner.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
    try:
        return bool(letter.send())
    except (SMTPException, OSError):
        log.warning("an alarm could not be mailed", exc_info=True, extra={"staff": owner.pk})
        return False


def _words(alarm: Alarm) -> dict[str, str]:
    return {"who": alarm.actor_name, "what": str(KINDS.get(alarm.kind, alarm.kind))}


def _address() -> str:
    home: str = settings.KARTOTEKA.public_url.rstrip("/")
    return f"{home}/alarms/" if home else ""
