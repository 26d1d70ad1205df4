"""Rows of exports: who asked for which file, who approved it, what it is marked with."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Export(models.Model):
    """A file of customers that one person asked for: written by the worker, sealed, given to that person only."""

    class State(models.TextChoices):
        ASKED = "asked", _("waiting for a second person")
        QUEUED = "queued", _("waiting to be written")
        RUNNING = "running", _("being written")
        DONE = "done", _("ready")
        REFUSED = "refused", _("refused")
        FAILED = "failed", _("failed")
        GONE = "gone", _("no longer kept")

    state = models.CharField(max_length=8, choices=State.choices, db_index=True)
    format = models.CharField(max_length=4, choices=[("csv", "CSV"), ("xlsx", "Excel")])
    # What was asked of the list, and the columns of the file.
    wish = models.JSONField(default=dict)
    columns = models.JSONField(default=list)
    why = models.CharField(_("why"), max_length=300, blank=True)
    customers = models.PositiveIntegerField(default=0)
    # The key of this file's marks: order, spacing. Random, and told to nobody.
    mark = models.CharField(max_length=32)
    asked_at = models.DateTimeField()
    by_key = models.BigIntegerField()
    by_name = models.CharField(_("who"), max_length=150)
    settled_at = models.DateTimeField(null=True)
    settled_key = models.BigIntegerField(null=True)
    settled_name = models.CharField(max_length=150, blank=True)
    heartbeat = models.DateTimeField(null=True)
    kept_as = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, blank=True, db_index=True)
    done_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.by_name}, {self.asked_at:%Y-%m-%d}"

    @property
    def is_ready(self) -> bool:
        """Whether the file can be fetched now."""
        return (
            self.state == self.State.DONE and self.expires_at is not None and self.expires_at > timezone.now()
        )


class Canary(models.Model):
    """An invented customer who stands in one export and nowhere else: no customer, so in no list, count or search."""

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="canaries")
    card = models.CharField(max_length=9, unique=True)
    name = models.CharField(max_length=300)
    email = models.CharField(max_length=320, db_index=True)
    phone = models.CharField(max_length=32, db_index=True)
    # As it stands in the file, by column.
    values = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.card
