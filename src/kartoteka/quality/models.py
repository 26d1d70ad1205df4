"""Mergers and splits, pairs in doubt, pairs that must stay apart, runs of the matching."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kartoteka.people.models import Customer, Identity
from kartoteka.trust.by import ByActor


class Merger(ByActor):
    """Two customers were held to be one: whose identities moved, when, by whom and why. A Split takes it back."""

    class How(models.TextChoices):
        RULE = "rule", _("by rule")
        HAND = "hand", _("by hand")

    kept = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="mergers")
    gone = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="mergers_away")
    # The keys of the identities that moved.
    identities = models.JSONField(default=list)
    at = models.DateTimeField(_("when"), db_index=True)
    how = models.CharField(max_length=5, choices=How.choices)
    # Sealed (whys.py): a person's own words.
    why = models.TextField(_("why"), blank=True)
    score = models.FloatField(null=True)
    # [[reason, {parameters}], ...] as the matching gives them; a face puts them in words.
    reasons = models.JSONField(default=list)

    class Meta:
        verbose_name = _("merger")
        verbose_name_plural = _("mergers")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.gone_id} into {self.kept_id}"


class Split(ByActor):
    """Somebody took identities out of a customer: back to whom they were before a merger, or to a new customer."""

    merger = models.OneToOneField(Merger, on_delete=models.CASCADE, null=True, related_name="split")
    stayed = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="splits")
    parted = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="splits_away")
    identities = models.JSONField(default=list)
    at = models.DateTimeField(_("when"))
    # Sealed (whys.py): a person's own words.
    why = models.TextField(_("why"), blank=True)

    class Meta:
        verbose_name = _("split")
        verbose_name_plural = _("splits")

    def __str__(self) -> str:
        return f"{self.parted_id} out of {self.stayed_id}"


class Apart(models.Model):
    """Never these two: they look alike and are not the same. It hangs on identities, so that it outlives mergers."""

    one = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="apart")
    other = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="apart_back")
    at = models.DateTimeField()
    by_name = models.CharField(max_length=150)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="apart_once")]

    def __str__(self) -> str:
        return f"{self.one_id} is not {self.other_id}"


class Doubt(models.Model):
    """Two customers who may be one: not sure enough to join by rule, too alike to pass over."""

    one = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="doubts")
    other = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="doubts_back")
    score = models.FloatField()
    reasons = models.JSONField(default=list)
    found_at = models.DateTimeField()

    class Meta:
        verbose_name = _("doubt")
        verbose_name_plural = _("doubts")
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="doubt_once")]
        indexes = [models.Index(fields=["score", "id"], name="doubt_by_score")]

    def __str__(self) -> str:
        return f"{self.one_id}, {self.other_id}: {self.score:.2f}"


class MatchRun(models.Model):
    """One run of the matching over the base."""

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    asked_at = models.DateTimeField()
    by_name = models.CharField(max_length=150)
    heartbeat = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    step = models.CharField(max_length=40, blank=True)
    share = models.FloatField(default=0)
    customers = models.IntegerField(default=0)
    joined = models.IntegerField(default=0)
    doubts = models.IntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.state} {self.asked_at:%Y-%m-%d %H:%M}"


class FigureCount(models.Model):
    """The last count of a matter, for the home page. asked_at after at: somebody waits for a newer one."""

    matter = models.CharField(max_length=20, unique=True, default="base")
    at = models.DateTimeField()
    asked_at = models.DateTimeField()
    took = models.FloatField()  # seconds
    values = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.matter}, {self.at:%Y-%m-%d %H:%M}"
