"""Reports that go out by mail by the clock, and what became of each mail."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kartoteka.trust.by import ByActor
from kartoteka.trust.models import Staff

from .periods import AGAINST_NAMES, Against


class ReportPlan(ByActor):
    """A report that goes to some of the staff every week or every month. One that was ended stays, with ended_at."""

    class Report(models.TextChoices):
        FIGURES = "figures", _("Figures")
        BASE = "base", _("The whole base")

    class Span(models.TextChoices):
        WEEK = "week", _("the last whole week")
        MONTH = "month", _("the last whole month")
        YEAR = "year", _("the last twelve whole months")

    class Rhythm(models.TextChoices):
        WEEKLY = "weekly", _("every week")
        MONTHLY = "monthly", _("every month")

    report = models.CharField(_("report"), max_length=8, choices=Report.choices)
    span = models.CharField(_("of which time"), max_length=6, choices=Span.choices, default=Span.WEEK)
    against = models.CharField(
        _("compared with"), max_length=6, choices=list(AGAINST_NAMES.items()), default=Against.BEFORE
    )
    # groups.Group.key; "" for everybody.
    group = models.CharField(_("group"), max_length=40, blank=True)
    rhythm = models.CharField(_("how often"), max_length=7, choices=Rhythm.choices)
    # Weekly: 0 for Monday to 6; monthly: 1 to 31, which a shorter month cuts to its last day.
    day = models.PositiveSmallIntegerField(_("on which day"))
    hour = models.PositiveSmallIntegerField(_("at what hour"), default=7)
    people = models.ManyToManyField(Staff, related_name="+")
    made_at = models.DateTimeField()
    next_at = models.DateTimeField(_("next"))
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("report by mail")
        verbose_name_plural = _("reports by mail")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(ended_at=None), name="report_plan_due")
        ]

    def __str__(self) -> str:
        return f"{self.report}, {self.rhythm}"


class ReportMail(models.Model):
    """One mail of one plan to one person: sent once, or why not.

    It is taken while the report is made; handed over from just before the mail server gets it. A worker that dies before
    that leaves it to be taken again; one that dies after leaves it unsure, and it is not sent a second time.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        TAKEN = "taken", _("being made")
        HANDED = "handed", _("being handed over")
        SENT = "sent", _("sent")
        REFUSED = "refused", _("not allowed")
        FAILED = "failed", _("not sent")
        UNSURE = "unsure", _("perhaps sent")

    plan = models.ForeignKey(ReportPlan, on_delete=models.CASCADE, related_name="mails", db_index=False)
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+", db_index=False)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    why = models.CharField(max_length=300, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    # Not to be taken before this; while it is taken, its heartbeat.
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "staff", "due_at"], name="report_mail_once"),
        ]
        indexes = [
            models.Index(
                fields=["at", "id"],
                condition=models.Q(state__in=("waiting", "taken", "handed")),
                name="report_mail_open",
            ),
            models.Index(fields=["staff"], name="report_mail_staff"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}, {self.staff_id}: {self.state}"
