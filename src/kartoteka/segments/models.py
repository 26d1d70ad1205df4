"""Groups, who is in them, when that may change, who came and went, snapshots, audiences."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kartoteka.people.models import Customer
from kartoteka.trust.by import ByActor

from .worth.mail_models import ReportMail as ReportMail
from .worth.mail_models import ReportPlan as ReportPlan
from .worth.models import CustomerWorth as CustomerWorth
from .worth.models import GoesWith as GoesWith
from .worth.models import GroupShape as GroupShape
from .worth.models import WorthRates as WorthRates
from .worth.models import WorthRun as WorthRun


class Segment(ByActor):
    """A group that lives: its rule says who belongs to it. One that is taken away stays for its history, with ended_at."""

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting to be counted")
        # Something changed that concerns many: it is counted anew, and who comes or goes by that is told.
        STALE = "stale", _("being brought up to date")
        READY = "ready", _("up to date")
        # Its rule speaks of something that is gone: who was in it stays, until somebody mends it.
        BROKEN = "broken", _("needs mending")

    name = models.CharField(_("name"), max_length=100)
    # As segments/rule.py reads it; the schema is published.
    rule = models.JSONField(_("rule"), default=dict)
    state = models.CharField(max_length=7, choices=State.choices, default=State.QUEUED)
    size = models.PositiveIntegerField(_("size"), default=0)
    made_at = models.DateTimeField()
    # When its rule was last changed.
    changed_at = models.DateTimeField()
    built_at = models.DateTimeField(null=True)
    # Turns are written down up to some days after this moment; then the next ones are (keeping.renew).
    turns_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(ended_at=None), name="segment_once_a_name"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Member(models.Model):
    """A customer is in a group."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="members", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="segments", db_index=False)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["segment", "customer"], name="member_once")]
        indexes = [models.Index(fields=["customer", "segment"], name="member_of")]

    def __str__(self) -> str:
        return f"{self.segment_id}: {self.customer_id}"


class Turn(models.Model):
    """When the answer for a customer in a group may next be another by time alone."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="turns", db_index=False)
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="segment_turns", db_index=False
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "segment"], name="turn_once")]
        indexes = [
            models.Index(fields=["at"], name="turn_due"),
            models.Index(fields=["segment"], name="turn_of_segment"),
        ]

    def __str__(self) -> str:
        return f"{self.segment_id}: {self.customer_id} {self.at:%Y-%m-%d %H:%M}"


class Passage(models.Model):
    """A customer entered a group, or left it. Who is in it when a rule begins did not enter."""

    class What(models.TextChoices):
        ENTERED = "entered", _("came in")
        LEFT = "left", _("went out")

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="passages", db_index=False)
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="segment_passages", db_index=False
    )
    what = models.CharField(max_length=7, choices=What.choices)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["customer", "at"], name="passage_of"),
            models.Index(fields=["segment", "at", "id"], name="passage_in"),
        ]

    def __str__(self) -> str:
        return f"{self.segment_id}: {self.customer_id} {self.what}"


class Size(models.Model):
    """How many were in a group at the end of a day of the business."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="sizes", db_index=False)
    day = models.DateField()
    size = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["segment", "day"], name="size_once_a_day")]
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.segment_id} {self.day}: {self.size}"


class Due(models.Model):
    """A customer of whom something changed and who is to be looked at again in every group; written with the change.

    The key of the customer as such: they may be gone by then, and these rows live for a moment.
    """

    customer_key = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.customer_key)


class Snapshot(ByActor):
    """Who was in a group at a moment, kept as it was."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="snapshots")
    label = models.CharField(_("what for"), max_length=100)
    rule = models.JSONField(default=dict)
    at = models.DateTimeField(_("when"))
    size = models.PositiveIntegerField()

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.label


class SnapshotMember(models.Model):
    """A customer was in the group when the snapshot was taken."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="members", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="snapshots", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot", "customer"], name="snapshot_member_once")]
        indexes = [models.Index(fields=["customer"], name="snapshot_of")]

    def __str__(self) -> str:
        return f"{self.snapshot_id}: {self.customer_id}"


class Audience(ByActor):
    """A list of hashed contact points was made for an ad platform: for what, how many passed, why others did not."""

    segment = models.ForeignKey(Segment, on_delete=models.PROTECT, related_name="audiences")
    platform = models.CharField(max_length=10)
    purpose = models.CharField(max_length=50)
    at = models.DateTimeField()
    customers = models.PositiveIntegerField()
    # Reason of the gate -> how many did not pass for it.
    held_back = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.platform} {self.at:%Y-%m-%d}"
