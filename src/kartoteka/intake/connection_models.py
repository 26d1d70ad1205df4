"""Who is connected to us from outside (a site, a shop, a lead form), and what they delivered."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kartoteka.people.models import Ground, Source
from kartoteka.trust.by import ByActor


class Connection(ByActor):
    """One site or shop that sends to us: by its key we know it, by its secret it proves itself."""

    kind = models.CharField(_("kind"), max_length=20)
    name = models.CharField(_("name"), max_length=100, unique=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="connections")
    ground = models.CharField(_("ground"), max_length=20, choices=Ground.choices)
    # What it names itself by: the write key of a site, the last part of a webhook's address. Not a secret.
    key = models.CharField(max_length=64, unique=True)
    # Sealed (trust.sealed_text): what deliveries are signed with, or what we call the other side with.
    secret = models.TextField(blank=True)
    # Sealed JSON: what else of it is secret, and the secret before this one (connection_secrets.py).
    further = models.TextField(blank=True)
    # What else the kind asks for (the shop's address), by the names of its `asks`; nothing secret.
    more = models.JSONField(default=dict)
    made_at = models.DateTimeField(_("since"))
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("connection")
        verbose_name_plural = _("connections")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """Something that came by a connection, or by a key that nobody has: when, how it went, and what was wrong.

    Of a site only what was refused is noted here; its events are rows of their own. The oldest are dropped.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        TAKEN = "taken", _("taken in")
        REFUSED = "refused", _("refused")
        FAILED = "failed", _("failed")

    connection = models.ForeignKey(
        Connection, on_delete=models.CASCADE, null=True, related_name="deliveries", db_index=False
    )
    at = models.DateTimeField(_("when"))
    # What it was about ("orders/create"), and the sender's own number of this delivery, if it has one.
    topic = models.CharField(_("what"), max_length=100, blank=True)
    key = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=8, choices=State.choices)
    problem = models.CharField(_("problem"), max_length=500, blank=True)
    # The body as it came, compressed by zlib, to be looked into and replayed; emptied when somebody in it is forgotten.
    body = models.BinaryField(default=b"")
    headers = models.JSONField(default=dict)
    tries = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "key"], condition=~models.Q(key=""), name="delivery_once"
            )
        ]
        indexes = [
            models.Index(fields=["connection", "id"], name="delivery_of"),
            models.Index(fields=["state", "id"], name="delivery_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.topic}, {self.at:%Y-%m-%d %H:%M}"


class Parcel(models.Model):
    """The body of one tracking call as it came, until the worker has turned it into events. Answered once it is written."""

    connection = models.ForeignKey(
        Connection, on_delete=models.CASCADE, related_name="parcels", db_index=False
    )
    received_at = models.DateTimeField()
    # What the path said of it: "batch", or the kind of the one call that it is.
    kind = models.CharField(max_length=8)
    body = models.BinaryField()  # as it came by gzip, or compressed by zlib
    ip = models.CharField(max_length=45, blank=True)
    agent = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("parcel")
        verbose_name_plural = _("parcels")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind}, {self.received_at:%Y-%m-%d %H:%M:%S}"
