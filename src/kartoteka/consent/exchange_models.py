"""The rows of partner lists: each exchange with its salt, counts and grounds, and whom it met with the gate's answer."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kartoteka.people.models import Export, Ground, Identity
from kartoteka.trust.by import ByActor

from .models import Channel, Purpose


class Exchange(ByActor):
    """One comparing of our customers with a partner's, by hashes. Neither list is kept: their counts and digests are."""

    class Began(models.TextChoices):
        US = "us", _("we compare their list")
        THEM = "them", _("they compare ours")

    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="exchanges")
    # As they were on that day.
    partner = models.CharField(_("partner"), max_length=150)
    ground = models.CharField(_("ground"), max_length=20, choices=Ground.choices)
    channel = models.CharField(_("channel"), max_length=9, choices=Channel.choices)
    began = models.CharField(_("who compares"), max_length=4, choices=Began.choices)
    why = models.CharField(_("why"), max_length=300, blank=True)
    # 32 bytes in hexadecimal: of one exchange only, so that two lists of it tell nothing of any other.
    salt = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(_("when"))
    compared_at = models.DateTimeField(null=True)
    # How many hashes each side had; SHA-256 of each list's hashes in order, one a line.
    theirs = models.PositiveIntegerField(default=0)
    theirs_digest = models.CharField(max_length=64, blank=True)
    ours = models.PositiveIntegerField(default=0)
    ours_digest = models.CharField(max_length=64, blank=True)
    # How many customers stand in both, and how many the gate answered what: {reason: how many}.
    met = models.PositiveIntegerField(default=0)
    answers = models.JSONField(default=dict)
    export = models.ForeignKey(Export, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("exchange with a partner")
        verbose_name_plural = _("exchanges with partners")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.partner}, {self.at:%Y-%m-%d}"


class ExchangeLine(models.Model):
    """A customer who stands in both lists (or in ours that was handed out), and what the gate said of them that day."""

    exchange = models.ForeignKey(Exchange, on_delete=models.CASCADE, related_name="lines")
    identity = models.ForeignKey(Identity, on_delete=models.PROTECT, related_name="exchange_lines")
    answer = models.CharField(_("answer"), max_length=20)
    agreed = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("line of an exchange")
        verbose_name_plural = _("partners' lists")
        constraints = [models.UniqueConstraint(fields=["exchange", "identity"], name="exchange_line_once")]

    def __str__(self) -> str:
        return f"{self.exchange_id}: {self.answer}"
