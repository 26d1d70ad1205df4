"""Reminders by mail, besides those on every page: to whoever is to do it, once, where a mail server is set.

The task's row is the truth. A letter is claimed before it is sent and noted after; a worker that was killed between the two
leaves a claim that runs out, and the letter goes with the same Message-ID, by which mail programs know it for the same.
What is in it is what its reader may see, without contact points: mail is read by others on its way.
"""

import datetime as dt
import hashlib
import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kartoteka.people.models import Customer
from kartoteka.people.veil import veil_text

from .models import Task
from .tasks import OPEN, REMIND

log = logging.getLogger("kartoteka.agenda")
# A claim that is older was left by a worker that died, or by a mail server that took nothing.
_LEFT_AFTER = dt.timedelta(minutes=5)
# Of what was due longer ago nobody is reminded any more: the list of the day shows it.
_TOO_LATE = dt.timedelta(hours=12)


def run_due_reminder(*, now: dt.datetime | None = None) -> bool:
    """Mail one reminder that is due; whether there was one. For the worker."""
    if not settings.KARTOTEKA.mail_url:
        return False
    moment = now or timezone.now()
    task = _claimed(moment)
    if task is None:
        return False
    if _mailed(task):
        Task.objects.filter(pk=task.pk, mail_claimed_at=moment).update(mailed_at=moment)
    return True


def _claimed(moment: dt.datetime) -> Task | None:
    """A task of which its owner is to be reminded now, claimed for this process."""
    free = Q(mail_claimed_at=None) | Q(mail_claimed_at__lt=moment - _LEFT_AFTER)
    near = Q(due_at__gt=moment - _TOO_LATE, due_at__lte=moment + dt.timedelta(minutes=max(REMIND)))
    waits = Task.objects.filter(OPEN, near, free, mailed_at=None, seen_at=None, owner__is_active=True)
    rows = waits.exclude(remind=None).order_by("due_at", "pk").values_list("pk", "due_at", "remind")
    for key, due_at, remind in rows:
        if due_at - dt.timedelta(minutes=remind or 0) > moment:
            continue
        if Task.objects.filter(free, pk=key, mailed_at=None).update(mail_claimed_at=moment):
            return Task.objects.select_related("owner", "identity__customer").get(pk=key)
    return None


def _mailed(task: Task) -> bool:
    owner = task.owner
    assert owner is not None
    with translation.override(owner.language or settings.LANGUAGE_CODE):
        when = date_format(timezone.localtime(task.due_at), "SHORT_DATETIME_FORMAT")
        title = veil_text(task.title)
        lines = [
            f"{when}: {title}",
            _about(task),
            veil_text(task.reason),
            veil_text(task.place),
            _address(task),
        ]
        subject = _("Reminder: %(what)s") % {"what": title}
    letter = EmailMessage(
        subject=" ".join(subject.split())[:200],
        body="\n".join(filter(None, lines)) + "\n",
        to=[owner.email],
        headers={"Message-ID": _message_id(task), "Auto-Submitted": "auto-generated"},
    )
    try:
        return bool(letter.send())
    except (SMTPException, OSError):
        log.warning("a reminder could not be mailed", exc_info=True, extra={"task": task.pk})
        return False


def _about(task: Task) -> str:
    """Whom it is about, if the reader sees them."""
    if task.identity is None or task.owner is None:
        return ""
    seen = Customer.objects.open_to(task.owner.actor).filter(pk=task.identity.customer_id)
    return veil_text(str(task.identity.customer)) if seen.exists() else ""


def _address(task: Task) -> str:
    home = settings.KARTOTEKA.public_url.rstrip("/")
    return f"{home}/tasks/{task.pk}/" if home else ""


def _message_id(task: Task) -> str:
    """The same for the same task at the same time, and nothing that tells of either."""
    told = f"{task.uid} {task.due_at.isoformat()}"
    return f"<{hashlib.sha256(told.encode()).hexdigest()[:32]}@kartoteka>"
