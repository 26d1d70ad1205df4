"""The rows of what customers ask: their requests, links to their own page, restrictions, and who was forgotten."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kartoteka.people.models import Identity
from kartoteka.trust.by import ByActor


class PrivacyRequest(ByActor):
    """What a customer asked of us by law, and until when we must answer. What became of it stands in its steps."""

    class Kind(models.TextChoices):
        ACCESS = "access", _("what we hold of them")
        CORRECTION = "correction", _("to correct it")
        ERASURE = "erasure", _("to be forgotten")
        RESTRICTION = "restriction", _("not to use it for now")
        OBJECTION = "objection", _("to stop a use of it")
        PORTABILITY = "portability", _("to take it along")

    class Through(models.TextChoices):
        PAGE = "page", _("their own page")
        COUNTER = "counter", _("at the counter")
        CALL = "call", _("by phone")
        PAPER = "paper", _("on paper")
        EMAIL = "email", _("by e-mail")
        API = "api", _("by a program")

    # Empty once they are forgotten: that somebody asked, and was answered, is all that is kept.
    identity = models.ForeignKey(
        Identity, on_delete=models.PROTECT, null=True, related_name="privacy_requests"
    )
    kind = models.CharField(_("what"), max_length=11, choices=Kind.choices)
    through = models.CharField(_("how it came"), max_length=7, choices=Through.choices)
    # What they said of it, and for a correction what it should be: {field: as typed}. Both go when they are forgotten.
    said = models.TextField(_("their words"), blank=True)
    changes = models.JSONField(default=dict)
    country = models.CharField(_("whose law"), max_length=2, blank=True)
    asked_at = models.DateTimeField(_("asked"))
    due_on = models.DateField(_("due"), db_index=True)
    # The day of the last step, if it ended the request: kept here for the worklist's index.
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        indexes = [
            models.Index(fields=["due_on", "id"], condition=models.Q(ended_at=None), name="request_open"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.kind}"


class RequestStep(ByActor):
    """What was done about a request. Only ever added to; the last one says where it stands."""

    class What(models.TextChoices):
        RECEIVED = "received", _("received")
        IDENTIFIED = "identified", _("we know it is them")
        EXTENDED = "extended", _("needs more time")
        ANSWERED = "answered", _("answered")
        REFUSED = "refused", _("refused")
        TOLD = "told", _("told by e-mail")

    request = models.ForeignKey(PrivacyRequest, on_delete=models.CASCADE, related_name="steps")
    what = models.CharField(_("what"), max_length=10, choices=What.choices)
    at = models.DateTimeField(_("when"))
    # How they were known to be who they say, why it takes longer, why it was refused, what was done.
    note = models.CharField(_("note"), max_length=500, blank=True)
    # Figures of what was done: {"customers": 1, "claims": 4 ...}; the SHA-256 of what was handed over or written.
    done = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.what}"


class PageLink(models.Model):
    """A link that lets a customer into their own page. The link itself is nowhere: it is made with the vault's key."""

    identity = models.ForeignKey(Identity, on_delete=models.PROTECT, related_name="page_links")
    salt = models.CharField(max_length=32)
    made_at = models.DateTimeField()
    by_name = models.CharField(max_length=150)
    # It went to their own e-mail address: who comes by it is confirmed to have that address.
    mailed = models.BooleanField(default=False)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=150, blank=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.identity_id}, until {self.expires_at:%Y-%m-%d}"


class Restriction(models.Model):
    """Their data may be kept but not used until this ends (GDPR art. 18 and its like)."""

    identity = models.ForeignKey(Identity, on_delete=models.PROTECT, related_name="restrictions")
    why = models.CharField(_("why"), max_length=300, blank=True)
    at = models.DateTimeField(_("since"))
    by_name = models.CharField(max_length=150)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=150, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["identity"], condition=models.Q(ended_at=None), name="restriction_now")
        ]

    def __str__(self) -> str:
        return f"{self.identity_id} since {self.at:%Y-%m-%d}"


class Erasure(ByActor):
    """Somebody was forgotten: when, by whom, why, and how much of them there was. Nothing in it says who they were."""

    class Why(models.TextChoices):
        ASKED = "asked", _("they asked for it")
        WITHDREW = "withdrew", _("they withdrew what they had agreed to")
        UNLAWFUL = "unlawful", _("we should not have had it")
        RULE = "rule", _("its time was over")
        DUTY = "duty", _("a court or an authority said so")

    request = models.ForeignKey(PrivacyRequest, on_delete=models.SET_NULL, null=True, related_name="erasures")
    at = models.DateTimeField(_("when"), db_index=True)
    why = models.CharField(_("why"), max_length=8, choices=Why.choices)
    # How many rows of what; what the law has us keep: [{"what", "why", "until"}].
    done = models.JSONField(default=dict)
    kept = models.JSONField(default=list)
    # Dropped files that wait were looked through, and the disk was swept.
    swept_at = models.DateTimeField(null=True)
    # They came back themselves: from then on they are taken in again.
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=150, blank=True)
    lifted_why = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        indexes = [models.Index(fields=["id"], condition=models.Q(swept_at=None), name="erasure_unswept")]

    def __str__(self) -> str:
        return f"{self.pk}, {self.at:%Y-%m-%d}"


class Tombstone(models.Model):
    """By what somebody who was forgotten is known again, as a keyed hash: without the vault it tells nothing."""

    class What(models.TextChoices):
        POINT = "point"  # a phone or an e-mail
        NAME = "name"  # a given name or a company; met alone it means nothing
        PERSON = "person"  # given name, family name and whole date of birth
        NUMBER = "number"  # a national id or a company's registration
        KEY = "key"  # the key at a source
        WHO = "who"  # the identity itself, as an old copy of the base has it

    erasure = models.ForeignKey(Erasure, on_delete=models.CASCADE, related_name="tombstones")
    what = models.CharField(max_length=6, choices=What.choices)
    hash = models.CharField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hash", "erasure"], name="tombstone_once")]

    def __str__(self) -> str:
        return f"{self.erasure_id}: {self.what}"
