"""Dealings: every call, visit, letter, chat and mail with a customer, and the questions and complaints among them."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kartoteka.people.models import Customer, Identity
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.by import ByActor
from kartoteka.trust.models import Staff


class DealingQuerySet(models.QuerySet["Dealing"]):
    """Where every read of dealings starts."""

    def visible_to(self, actor: Actor) -> "DealingQuerySet":
        """Those with customers whom `actor` may see; mail of unknown senders only for who sees the whole base."""
        if not actor.walled:
            return self if actor.may(Right.SEE) else self.none()
        return self.filter(identity__customer__in=Customer.objects.visible_to(actor))


class Dealing(ByActor):
    """One dealing. It hangs on an identity; without one it waits until somebody says whose it is."""

    class Way(models.TextChoices):
        CALL = "call", _("call")
        VISIT = "visit", _("visit")
        MEETING = "meeting", _("meeting")
        LETTER = "letter", _("letter")
        CHAT = "chat", _("chat")
        MAIL = "mail", _("e-mail")

    class Direction(models.TextChoices):
        IN = "in", _("from them")
        OUT = "out", _("from us")

    class About(models.TextChoices):
        NOTHING = "", _("just a talk")
        QUESTION = "question", _("a question")
        COMPLAINT = "complaint", _("a complaint")

    identity = models.ForeignKey(
        Identity, on_delete=models.CASCADE, null=True, related_name="dealings", db_index=False
    )
    way = models.CharField(_("way"), max_length=8, choices=Way.choices)
    direction = models.CharField(_("from whom"), max_length=3, choices=Direction.choices)
    at = models.DateTimeField(_("when"))
    seconds = models.PositiveIntegerField(default=0)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    # What was said or written. Of a call, visit or meeting "" means that its note is still owed.
    note = models.TextField(_("note"), blank=True)
    # The other side's number or e-mail address, as they came.
    counterpart = models.CharField(max_length=320, blank=True)
    # Who answers for it; whoever dealt with them, until it is given to somebody else.
    owner = models.ForeignKey(Staff, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    about = models.CharField(_("about"), max_length=9, choices=About.choices, blank=True)
    due_at = models.DateTimeField(_("to be settled by"), null=True)
    outcome = models.TextField(_("outcome"), blank=True)
    cause = models.CharField(_("cause"), max_length=100, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=150, blank=True)
    # Of a mail: its Message-ID, and the first mail of its thread. Of a call: the telephone system's number of it.
    key = models.CharField(max_length=255, blank=True)
    thread = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="replies", db_index=False
    )

    objects: ClassVar[models.Manager["Dealing"]] = DealingQuerySet.as_manager()

    class Meta:
        verbose_name = _("dealing")
        verbose_name_plural = _("dealings")
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["key", "way"], condition=~models.Q(key=""), name="dealing_once")
        ]
        indexes = [
            models.Index(fields=["identity", "at", "id"], name="dealing_of"),
            models.Index(fields=["at", "id"], name="dealing_by_time"),
            models.Index(fields=["thread"], condition=models.Q(thread__isnull=False), name="dealing_thread"),
            # Worklists: only what is still to be done stands in these.
            models.Index(
                fields=["due_at", "id"],
                condition=models.Q(settled_at=None) & ~models.Q(about=""),
                name="dealing_open",
            ),
            models.Index(
                fields=["at", "id"],
                condition=models.Q(note="", way__in=("call", "visit", "meeting")),
                name="dealing_owed",
            ),
            models.Index(fields=["at", "id"], condition=models.Q(identity=None), name="dealing_unknown"),
            models.Index(fields=["owner"], condition=models.Q(owner__isnull=False), name="dealing_owner"),
        ]

    def __str__(self) -> str:
        return self.subject or f"{self.get_way_display()} {self.at:%Y-%m-%d %H:%M}"

    @property
    def owes_note(self) -> bool:
        """Whether nobody has written down what was said."""
        return not self.note and self.way in OWED_WAYS

    @property
    def is_open(self) -> bool:
        """Whether it is a question or complaint that is not settled yet."""
        return bool(self.about) and self.settled_at is None

    @property
    def is_late(self) -> bool:
        """Whether it should have been settled by now."""
        return self.is_open and self.due_at is not None and self.due_at < timezone.now()


OWED_WAYS = (Dealing.Way.CALL, Dealing.Way.VISIT, Dealing.Way.MEETING)
OWED = models.Q(note="", way__in=("call", "visit", "meeting"))
OPEN = models.Q(settled_at=None) & ~models.Q(about="")


class Enclosure(models.Model):
    """A file that belongs to a dealing: what came with a mail, or the recording of a call. It lies sealed."""

    dealing = models.ForeignKey(Dealing, on_delete=models.CASCADE, related_name="enclosures")
    name = models.CharField(max_length=64, unique=True)
    label = models.CharField(_("file"), max_length=200)
    type = models.CharField(max_length=60)
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    is_recording = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.label


class Point(models.Model):
    """One point of the list by which talks are scored, as the owner words it."""

    text = models.CharField(_("what a good talk has"), max_length=200)
    position = models.PositiveSmallIntegerField(default=0)
    # One that was used is not deleted, so that old scores stay readable.
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.text


class Score(ByActor):
    """How a manager found a talk: which points it had. member: whose talk it was."""

    dealing = models.OneToOneField(Dealing, on_delete=models.CASCADE, related_name="score")
    member = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()
    # [[point's key, whether it had it], ...]
    points = models.JSONField(default=list)
    percent = models.PositiveSmallIntegerField()
    said = models.TextField(_("what to keep, what to change"), blank=True)

    class Meta:
        indexes = [models.Index(fields=["member", "at"], name="score_of")]

    def __str__(self) -> str:
        return f"{self.dealing_id}: {self.percent} %"
