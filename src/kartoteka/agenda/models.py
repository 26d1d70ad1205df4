"""What we are to do: tasks, calls and meetings; callbacks with a clock; the hours in which it runs; calendar feeds."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from kartoteka.people.models import Customer, Identity
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.by import ByActor
from kartoteka.trust.models import Staff


def _seen(actor: Actor) -> models.Q:
    """The condition of being seen: of customers whom `actor` may see, and what is theirs."""
    if not actor.may(Right.SEE) and not actor.may(Right.LOOK_UP):
        return models.Q(pk__in=[])
    if not actor.walled:
        return models.Q()
    mine = models.Q(owner=actor.key) if actor.kind == "staff" else models.Q(pk__in=[])
    return mine | models.Q(identity__customer__in=Customer.objects.visible_to(actor))


class TaskQuerySet(models.QuerySet["Task"]):
    """Where every read of tasks starts."""

    def visible_to(self, actor: Actor) -> "TaskQuerySet":
        """Those of customers whom `actor` may see, and those that are theirs."""
        return self.filter(_seen(actor))


class CallbackQuerySet(models.QuerySet["Callback"]):
    """Where every read of callbacks starts."""

    def visible_to(self, actor: Actor) -> "CallbackQuerySet":
        """Those of customers whom `actor` may see, and those that are theirs."""
        return self.filter(_seen(actor))


class Task(ByActor):
    """Something to do at a time: a task, a call, a meeting. One that repeats is followed by its next when it is done."""

    class TaskKind(models.TextChoices):
        TASK = "task", _("task")
        CALL = "call", _("call")
        MEETING = "meeting", _("meeting")

    class Answer(models.TextChoices):
        NONE = "", _("no answer yet")
        ACCEPTED = "accepted", _("accepted")
        TENTATIVE = "tentative", _("perhaps")
        DECLINED = "declined", _("declined")

    kind = models.CharField(_("kind"), max_length=7, choices=TaskKind.choices)
    title = models.CharField(_("what"), max_length=200)
    reason = models.CharField(_("why"), max_length=300, blank=True)
    place = models.CharField(_("where"), max_length=200, blank=True)
    identity = models.ForeignKey(
        Identity, on_delete=models.CASCADE, null=True, related_name="tasks", db_index=False
    )
    owner = models.ForeignKey(Staff, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    due_at = models.DateTimeField(_("when"))
    minutes = models.PositiveSmallIntegerField(_("how long"), default=30)
    # So many minutes before, its owner is reminded; none: not at all.
    remind = models.PositiveIntegerField(_("remind"), null=True)
    seen_at = models.DateTimeField(null=True)  # when the reminder was put aside
    # When the reminder was taken to be mailed, and when it was (reminding.py).
    mail_claimed_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    # An RRULE of RFC 5545 ("FREQ=WEEKLY;BYDAY=MO"), counted from `begins_at`; "" for once.
    rule = models.CharField(_("repeats"), max_length=200, blank=True)
    begins_at = models.DateTimeField()
    # What calendars know it by (RFC 5545, 3.8.4.7), and how often it was changed.
    uid = models.CharField(max_length=80, unique=True)
    sequence = models.PositiveIntegerField(default=0)
    answer = models.CharField(max_length=9, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    outcome = models.CharField(_("outcome"), max_length=300, blank=True)
    dropped_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Task"]] = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(
                fields=["owner", "due_at", "id"],
                condition=models.Q(done_at=None, dropped_at=None),
                name="task_to_do",
            ),
            models.Index(fields=["identity", "due_at", "id"], name="task_of"),
            models.Index(fields=["due_at", "id"], name="task_by_time"),
            models.Index(
                fields=["due_at", "id"],
                condition=models.Q(done_at=None, dropped_at=None, mailed_at=None, remind__isnull=False),
                name="task_to_mail",
            ),
            models.Index(fields=["owner", "due_at"], name="task_owner"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.done_at is None and self.dropped_at is None


class Callback(ByActor):
    """Somebody asked to be called back, and was promised when: a clock that runs in working hours."""

    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="callbacks", db_index=False)
    number = models.CharField(_("number"), max_length=32)
    reason = models.CharField(_("about"), max_length=300, blank=True)
    asked_at = models.DateTimeField(_("asked"))
    # What was promised, in seconds of working time, and when that is over.
    promised = models.PositiveIntegerField()
    due_at = models.DateTimeField(_("call by"))
    owner = models.ForeignKey(Staff, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    taken_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    called_at = models.DateTimeField(_("called"), null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(_("outcome"), max_length=300, blank=True)
    key = models.CharField(max_length=100, blank=True)

    objects: ClassVar[models.Manager["Callback"]] = CallbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("callback")
        verbose_name_plural = _("callbacks")
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~models.Q(key=""), name="callback_once")
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                condition=models.Q(called_at=None, closed_at=None),
                name="callback_waits",
            ),
            models.Index(fields=["identity", "asked_at", "id"], name="callback_of"),
            models.Index(fields=["asked_at"], name="callback_asked"),
        ]

    def __str__(self) -> str:
        return f"{self.identity_id}, {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has called yet."""
        return self.called_at is None and self.closed_at is None

    @property
    def was_kept(self) -> bool:
        """Whether the call came in time."""
        return self.called_at is not None and self.called_at <= self.due_at


def usual_week() -> list[list[list[str]]]:
    """Monday to Friday from nine to five; a day is a list of [opens, closes]."""
    return [[["09:00", "17:00"]] for _day in range(5)] + [[], []]


class WorkingHours(models.Model):
    """When we work, and what we promise to who wants to be called back. There is one, the owner's."""

    week = models.JSONField(default=usual_week)
    # A country's public holidays are days off: two letters, and its part where it has its own; "" for none.
    country = models.CharField(max_length=2, blank=True)
    part = models.CharField(max_length=10, blank=True)
    # Days that are off beside them, ISO.
    off = models.JSONField(default=list)
    promise = models.PositiveIntegerField(_("seconds until we call back"), default=900)

    def __str__(self) -> str:
        return "working hours"


class Feed(models.Model):
    """The address under which one person's calendar program reads their agenda. Only its hash is kept."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="feeds")
    hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.staff_id}, {self.made_at:%Y-%m-%d}"
