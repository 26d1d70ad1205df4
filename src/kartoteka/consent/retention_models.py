"""The rows of keeping and letting go: the owner's rules, each of their runs, and who must be kept for a dispute."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from kartoteka.people.models import Identity, Source
from kartoteka.trust.by import ByActor


class RetentionRule(ByActor):
    """How long something is kept: what, on which ground, from which source, of whom. An empty part means any."""

    # "customer" (the whole card), "sensitive", "kind:<kind of information>" or "field:<key>".
    what = models.CharField(_("what"), max_length=60)
    # One of Ground, or NO_GROUND: what is held without any.
    ground = models.CharField(_("ground"), max_length=20, blank=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, related_name="+")
    country = models.CharField(_("country"), max_length=2, blank=True)
    months = models.PositiveSmallIntegerField(_("months"), validators=[MaxValueValidator(600)])
    why = models.CharField(_("why"), max_length=300, blank=True)
    made_at = models.DateTimeField()
    # Since when the clock runs it; empty: it does nothing but show what it would do.
    on_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, db_index=True)
    heartbeat = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("retention rule")
        verbose_name_plural = _("retention rules")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.what}, {self.months}"


class RetentionRun(models.Model):
    """One run of a rule: how many cards went, how many claims lost something. Nothing in it says whose."""

    rule = models.ForeignKey(RetentionRule, on_delete=models.CASCADE, related_name="runs")
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    cards = models.PositiveIntegerField(default=0)
    claims = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.rule_id}, {self.begun_at:%Y-%m-%d}"


class LegalHold(ByActor):
    """Their data is kept whatever the rules say, for a dispute or an authority, until this ends (GDPR art. 17(3)(e))."""

    identity = models.ForeignKey(Identity, on_delete=models.PROTECT, related_name="legal_holds")
    why = models.CharField(_("why"), max_length=300)
    at = models.DateTimeField(_("since"))
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=150, blank=True)

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        indexes = [
            models.Index(fields=["identity"], condition=models.Q(ended_at=None), name="legal_hold_now")
        ]

    def __str__(self) -> str:
        return f"{self.identity_id} since {self.at:%Y-%m-%d}"
