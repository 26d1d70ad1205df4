"""The rows of consent: purposes, the words they were asked in, the ledger of choices, and what must not be written to."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kartoteka.people.models import Batch, ContactPoint, Ground, Identity
from kartoteka.trust.by import ByActor


class Channel(models.TextChoices):
    """The ways in which a customer can be reached."""

    EMAIL = "email", _("e-mail")
    SMS = "sms", _("SMS")
    PHONE = "phone", _("phone")
    POST = "post", _("post")
    MESSENGER = "messenger", _("messenger")
    ADS = "ads", _("ads")


class Purpose(models.Model):
    """What the business uses customers' data for. The owner's own list; one that ended is kept for the ledger's sake."""

    key = models.SlugField(_("key"), max_length=50, unique=True)
    # By language: {"en": "News and offers", "pl": ...}
    names = models.JSONField(_("names"), default=dict)
    ground = models.CharField(_("ground"), max_length=20, choices=Ground.choices)
    # Why our interest outweighs the customer's: asked where the ground is our legitimate interest.
    balancing = models.TextField(_("balancing note"), blank=True)
    # Direct marketing: by electronic channels most countries ask for consent, whatever the ground.
    marketing = models.BooleanField(_("marketing"), default=False)
    # Existing customers may be written to about the like, where their country allows it.
    soft_opt_in = models.BooleanField(_("existing customers too, where the law allows"), default=False)
    double_opt_in = models.BooleanField(_("confirmed by a link"), default=False)
    # After so many months a choice must be asked anew; 0: never.
    months = models.PositiveSmallIntegerField(_("months until asked anew"), default=0)
    partner = models.CharField(_("partner"), max_length=150, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("purpose")
        verbose_name_plural = _("purposes")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name_in(get_language() or "en")

    def name_in(self, language: str) -> str:
        """What the purpose is called in this language, else in English, else in any."""
        names = self.names
        return str(names.get(language) or names.get("en") or next(iter(names.values()), "") or self.key)


class Wording(models.Model):
    """The very words a customer is asked in. Never changed: other words are the next version."""

    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="wordings")
    # For these channels; none: for all.
    channels = models.JSONField(_("channels"), default=list)
    language = models.CharField(_("language"), max_length=10)
    version = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("words"))
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        ordering = ["purpose", "language", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["purpose", "language", "version"], name="wording_once_a_version")
        ]

    def __str__(self) -> str:
        return f"{self.purpose_id}, {self.language}, {self.version}"


class Choice(ByActor):
    """One line of the ledger: who said what, for which purpose and channel, when, where, and how it can be shown.

    Only ever added to (the base refuses an update); taken out with the import that brought it, or when its customer is
    forgotten.
    """

    class What(models.TextChoices):
        GIVEN = "given", _("agreed")
        WITHDRAWN = "withdrawn", _("said no")
        ASKED = "asked", _("asked to confirm")

    class How(models.TextChoices):
        COUNTER = "counter", _("at the counter")
        CALL = "call", _("by phone")
        PAPER = "paper", _("on paper")
        FORM = "form", _("by a form")
        PAGE = "page", _("on their own page")
        LINK = "link", _("by a link in a mail")
        MESSAGE = "message", _("by a message")
        FILE = "file", _("in a file")
        API = "api", _("by a program")

    identity = models.ForeignKey(Identity, on_delete=models.PROTECT, related_name="choices", db_index=False)
    # The one it is about, where it is about one: a grant then holds for this one only. A withdrawal holds for all.
    point = models.ForeignKey(
        ContactPoint, on_delete=models.PROTECT, null=True, related_name="choices", db_index=False
    )
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="choices", db_index=False)
    channel = models.CharField(_("channel"), max_length=9, choices=Channel.choices)
    what = models.CharField(_("what"), max_length=9, choices=What.choices)
    at = models.DateTimeField(_("when"))
    how = models.CharField(_("how"), max_length=7, choices=How.choices)
    # The form's name, the page, the file, which counter.
    place = models.CharField(_("where"), max_length=255, blank=True)
    # They confirmed it through the contact point itself.
    confirmed = models.BooleanField(_("confirmed"), default=False)
    # Who said it for a child: a parent or guardian, by name.
    guardian = models.CharField(_("parent or guardian"), max_length=150, blank=True)
    wording = models.ForeignKey(
        Wording, on_delete=models.PROTECT, null=True, related_name="choices", db_index=False
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    # {"ip", "page", "agent", "column", "typed" ...}; "file": under which name the vault keeps a signature or recording.
    evidence = models.JSONField(default=dict)
    batch = models.ForeignKey(
        Batch, on_delete=models.PROTECT, null=True, related_name="choices", db_index=False
    )
    written_at = models.DateTimeField()

    class Meta:
        verbose_name = _("choice")
        verbose_name_plural = _("choices")
        indexes = [
            models.Index(fields=["identity"], name="choice_of"),
            # With all that the gate looks at in a line, so that the ledger itself is not opened for it.
            models.Index(
                fields=[
                    "purpose",
                    "channel",
                    "identity",
                    "at",
                    "id",
                    "what",
                    "point",
                    "confirmed",
                    "guardian",
                ],
                name="choice_for",
            ),
            models.Index(fields=["batch"], condition=models.Q(batch__isnull=False), name="choice_batch"),
            # Begins with the purpose, so that no query of one customer's lines is tempted to go by it.
            models.Index(
                fields=["purpose", "channel", "point"],
                condition=models.Q(point__isnull=False),
                name="choice_point",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.identity_id}: {self.purpose_id}, {self.channel}, {self.what}, {self.at:%Y-%m-%d}"


class Settling(models.Model):
    """A choice was made when another identity of the same customer had said something else: it takes that one's place.

    It does so only as long as both identities are one customer, so that a split gives each back what they had said.
    """

    choice = models.ForeignKey(Choice, on_delete=models.CASCADE, related_name="settles")
    settled = models.ForeignKey(Choice, on_delete=models.CASCADE, related_name="settled")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["settled", "choice"], name="settling_once")]

    def __str__(self) -> str:
        return f"{self.choice_id} instead of {self.settled_id}"


class Asking(models.Model):
    """A link was sent with which a customer confirms a choice (double opt-in). Only the token's hash is kept."""

    choice = models.OneToOneField(Choice, on_delete=models.CASCADE, related_name="asking")
    hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.choice_id}, until {self.expires_at:%Y-%m-%d}"


class Suppression(ByActor):
    """A contact point that is not to be used, whoever has it: it bounced, complained, or said to stop."""

    class Why(models.TextChoices):
        BOUNCE = "bounce", _("mail to it came back")
        COMPLAINT = "complaint", _("complained")
        UNSUBSCRIBE = "unsubscribe", _("unsubscribed")

    point = models.ForeignKey(
        ContactPoint, on_delete=models.PROTECT, related_name="suppressions", db_index=False
    )
    why = models.CharField(_("why"), max_length=11, choices=Why.choices)
    # For this purpose only; none: for all that it reaches.
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, null=True, related_name="suppressions")
    at = models.DateTimeField(_("when"))
    place = models.CharField(_("where"), max_length=255, blank=True)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, related_name="suppressions")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=150, blank=True)
    ended_why = models.CharField(max_length=255, blank=True)

    class Meta:
        verbose_name = _("suppression")
        verbose_name_plural = _("suppressions")
        indexes = [
            models.Index(fields=["point"], condition=models.Q(ended_at=None), name="suppression_of"),
            models.Index(fields=["point", "at"], name="suppression_history"),
        ]

    def __str__(self) -> str:
        return f"{self.point_id}: {self.why}"


from .exchange_models import Exchange, ExchangeLine  # noqa: E402
from .policy_models import PolicyContact, PolicyVersion, PolicyWords  # noqa: E402
from .quiet_models import QuietRule  # noqa: E402
from .register_models import Listed, Register, RegisterFile, RegisterLine  # noqa: E402
from .request_models import (  # noqa: E402  the rest of this domain's rows, told apart by matter
    Erasure,
    PageLink,
    PrivacyRequest,
    RequestStep,
    Restriction,
    Tombstone,
)
from .retention_models import LegalHold, RetentionRule, RetentionRun  # noqa: E402

__all__ = [
    "Asking",
    "Channel",
    "Choice",
    "Erasure",
    "Exchange",
    "ExchangeLine",
    "LegalHold",
    "Listed",
    "PageLink",
    "PolicyContact",
    "PolicyVersion",
    "PolicyWords",
    "PrivacyRequest",
    "Purpose",
    "QuietRule",
    "Register",
    "RegisterFile",
    "RegisterLine",
    "RequestStep",
    "Restriction",
    "RetentionRule",
    "RetentionRun",
    "Settling",
    "Suppression",
    "Tombstone",
    "Wording",
]
