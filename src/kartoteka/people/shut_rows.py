"""Rows about what is sealed: which fields stay shut though they left the catalogue, and how far a re-sealing is."""

from django.db import models


class ShutField(models.Model):
    """The key of a sensitive own field that was taken off the catalogue: what was said in it stays sealed, and unfound."""

    key = models.SlugField(max_length=50, unique=True)

    def __str__(self) -> str:
        return self.key


class Resealing(models.Model):
    """What was said in a field is sealed, or opened, since the owner has made it sensitive, or no longer."""

    # As in the catalogue (`x.key`); empty: every sensitive field.
    key = models.CharField(max_length=60, blank=True)
    asked_at = models.DateTimeField()
    heartbeat = models.DateTimeField(null=True)
    # The key of the last claim that is done; all of them once `walked_at` is set, and the disk is left to be swept.
    reached = models.BigIntegerField(default=0)
    walked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.key}, {self.asked_at:%Y-%m-%d %H:%M}"
