"""The rows of the privacy policy: who answers for the data, the owner's own words by section, and what was published."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kartoteka.trust.by import ByActor


class PolicyContact(ByActor):
    """Who answers for the data and how they are reached. One row."""

    business = models.CharField(_("business"), max_length=200, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    # The privacy officer, or whoever answers for privacy: name, e-mail, phone, in one line.
    officer = models.CharField(_("who answers for privacy"), max_length=300, blank=True)

    def __str__(self) -> str:
        return self.business


class PolicyWords(ByActor):
    """What the owner adds to a section in one language: kept apart from what is written by itself."""

    section = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    text = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["section", "language"], name="policy_words_once")]

    def __str__(self) -> str:
        return f"{self.section}, {self.language}"


class PolicyVersion(ByActor):
    """The policy as it was published: never changed. facts: what it was written from (policy_facts.py). texts: by language,
    section by section: {"key", "title", "lines", "own"}. asks: what in it needs a new consent (policy_changes.py)."""

    number = models.PositiveIntegerField(_("version"), unique=True)
    at = models.DateTimeField(_("when"))
    facts = models.JSONField(default=dict)
    texts = models.JSONField(default=dict)
    asks = models.JSONField(default=list)

    class Meta:
        verbose_name = _("privacy policy")
        verbose_name_plural = _("versions of the privacy policy")
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.number}, {self.at:%Y-%m-%d}"
