"""Sending planned reports: each due mail is a row; figures only, made as the person who gets them may see them then."""

from __future__ import annotations

import datetime as dt
import logging
from smtplib import SMTPException, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from kartoteka.activity.paper import Paper
from kartoteka.activity.paper_files import as_pdf
from kartoteka.activity.revaluing import revalued_since, revaluing
from kartoteka.kit import bulk
from kartoteka.trust.actor import Actor, NotAllowed, Right
from kartoteka.trust.models import Staff

from .figures import report
from .groups import NoSuchGroup, TooFew, group_of
from .mail_models import ReportMail, ReportPlan
from .papers import base_paper, figures_paper
from .periods import Against, Period
from .planning import next_time
from .queries import last_run
from .shapes import shape_of_base, shape_of_group

log = logging.getLogger("kartoteka.reports")
LEFT_AFTER = dt.timedelta(minutes=10)
MOST_TRIES = 6
_STATE = ReportMail.State


class NotYet(Exception):
    """The report is still being counted; the mail waits."""


def run_due_mail() -> bool:
    """Put one plan's mails in line, or see one mail off; whether there was one."""
    return _line_up() or _see_off()


def _line_up() -> bool:
    now = timezone.now()
    plan = ReportPlan.objects.filter(ended_at=None, next_at__lte=now).order_by("next_at", "pk").first()
    if plan is None:
        return False
    with transaction.atomic():
        bulk.be_the_writer()
        # Whoever moves the date has the mails to write; of several that were missed only the last goes.
        moved = ReportPlan.objects.filter(pk=plan.pk, next_at=plan.next_at, ended_at=None)
        if moved.update(next_at=next_time(plan, after=now)):
            rows = [
                ReportMail(plan=plan, staff=person, due_at=plan.next_at, at=now)
                for person in plan.people.order_by("pk")
            ]
            ReportMail.objects.bulk_create(rows)
    return True


def _see_off() -> bool:
    now = timezone.now()
    left = Q(state=_STATE.TAKEN, at__lt=now - LEFT_AFTER)
    unsure = ReportMail.objects.filter(state=_STATE.HANDED, at__lt=now - LEFT_AFTER).update(
        state=_STATE.UNSURE,
        why=_(
            "We were stopped while the mail server took it. It is not sent again, so that nobody gets it twice."
        ),
    )
    mail = (
        ReportMail.objects.filter(Q(state=_STATE.WAITING, at__lte=now) | left)
        .select_related("plan", "staff")
        .order_by("at", "pk")
        .first()
    )
    if mail is None:
        return unsure > 0
    taken = ReportMail.objects.filter(pk=mail.pk, state=mail.state, at=mail.at).update(
        state=_STATE.TAKEN, at=now, tries=mail.tries + 1
    )
    if taken:
        mail.tries += 1
        _send(mail)
    return True


def _send(mail: ReportMail) -> None:
    if not settings.KARTOTEKA.mail_url:
        _ended(mail, _STATE.FAILED, _("No mail server is set (KARTOTEKA_MAIL_URL)."))
        return
    with translation.override(mail.staff.language or settings.LANGUAGE_CODE):
        try:
            paper = paper_of(mail.plan, mail.staff, due_at=mail.due_at)
        except NotYet:
            _again(mail, _("It was still being counted."))
            return
        except (NotAllowed, TooFew, NoSuchGroup) as refusal:
            _ended(mail, _STATE.REFUSED, str(refusal))
            return
        message = EmailMessage(
            subject=f"{paper.title}: {paper.lead}",
            body=_text(paper),
            to=[mail.staff.email],
            # The same mail has the same number, whoever sends it.
            headers={"Message-ID": f"<report-{mail.pk}.{mail.due_at:%Y%m%d%H%M}@kartoteka>"},
        )
        message.attach(f"{paper.name}.pdf", as_pdf(paper), "application/pdf")
    _hand_over(mail, message)


def _hand_over(mail: ReportMail, message: EmailMessage) -> None:
    """Once the server is there, the row says that it may have the mail; only then it gets it."""
    server = get_connection()
    try:
        server.open()
    except (SMTPException, OSError) as problem:
        _again(
            mail, _("The mail server could not be reached (%(error)s).") % {"error": type(problem).__name__}
        )
        return
    if not ReportMail.objects.filter(pk=mail.pk, state=_STATE.TAKEN).update(
        state=_STATE.HANDED, at=timezone.now()
    ):
        server.close()
        return
    try:
        message.connection = server
        message.send()
    except SMTPResponseException as answer:
        why = _("The mail server refused it (%(code)s).") % {"code": answer.smtp_code}
        if 400 <= answer.smtp_code < 500:
            _again(mail, why)
        else:
            _ended(mail, _STATE.FAILED, why)
    except (SMTPException, OSError) as problem:
        log.exception("a report could not be mailed", extra={"mail": mail.pk})
        _ended(
            mail, _STATE.UNSURE, _("The connection broke (%(error)s).") % {"error": type(problem).__name__}
        )
    else:
        _ended(mail, _STATE.SENT, "")
    finally:
        server.close()


def _ended(mail: ReportMail, state: str, why: str) -> None:
    ReportMail.objects.filter(pk=mail.pk).update(state=state, why=why[:300], at=timezone.now())


def _again(mail: ReportMail, why: str) -> None:
    """Another time, later and later; then no more."""
    if mail.tries >= MOST_TRIES:
        _ended(mail, _STATE.FAILED, why)
        return
    later = timezone.now() + dt.timedelta(minutes=2**mail.tries)
    ReportMail.objects.filter(pk=mail.pk).update(state=_STATE.WAITING, why=why[:300], at=later)


def paper_of(plan: ReportPlan, staff: Staff, *, due_at: dt.datetime) -> Paper:
    """The report as this person may see it now. Raises NotAllowed, TooFew, NoSuchGroup, NotYet."""
    if not staff.is_active:
        raise NotAllowed(Right.COUNTS)
    actor: Actor = staff.actor
    actor.must(Right.COUNTS)
    group = group_of(plan.group, actor=actor)
    whom = group.label if group else ""
    if revaluing():
        raise NotYet
    if plan.report == ReportPlan.Report.FIGURES:
        period = span_of(plan.span, timezone.localdate(due_at))
        return figures_paper(
            report(actor=actor, period=period, group=group, against=Against(plan.against)), whom=whom
        )
    run = last_run()
    stands = shape_of_group(actor=actor, group=group) if group else shape_of_base(run)
    if stands is None or (run is not None and revalued_since(run.asked_at)):
        raise NotYet
    return base_paper(stands, whom=whom)


def span_of(span: str, day: dt.date) -> Period:
    """The last whole week (from Monday), month, or twelve months before this day."""
    if span == ReportPlan.Span.WEEK:
        monday = day - dt.timedelta(days=day.weekday())
        return Period(monday - dt.timedelta(days=7), monday - dt.timedelta(days=1))
    last = day.replace(day=1) - dt.timedelta(days=1)
    if span == ReportPlan.Span.MONTH:
        return Period(last.replace(day=1), last)
    return Period(day.replace(year=day.year - 1, day=1), last)


def _text(paper: Paper) -> str:
    """The mail itself: what stands first in the report; the rest is in the file."""
    return _(
        "%(title)s\n%(lead)s\n\nThe report is in the attached file. Figures only: it names no customer.\n"
    ) % {
        "title": paper.title,
        "lead": paper.lead,
    }
