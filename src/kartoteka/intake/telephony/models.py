"""Calls as a telephone system tells of them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kartoteka.intake.connection_models import Connection
from kartoteka.trust.models import Staff


class Ringing(models.Model):
    """One call: who rings, since when, who took it. It becomes a dealing when it ends, and loses its number.

    The row stays for a day, so that a telephone system which tells of the end again does not make a second dealing.
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="calls", db_index=False)
    call = models.CharField(max_length=100)
    number = models.CharField(_("number"), max_length=32, blank=True)
    extension = models.CharField(max_length=20, blank=True)
    direction = models.CharField(max_length=3, default="in")
    at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    owner = models.ForeignKey(Staff, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "call"], name="ringing_once")]
        indexes = [
            models.Index(fields=["at"], condition=models.Q(ended_at=None), name="ringing_now"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.at:%Y-%m-%d %H:%M}"
