"""Which days of the site are in the event store, and which must be written anew."""

from django.db import models


class SiteDay(models.Model):
    """One day of the business's calendar on which somebody visited the site.

    changed: raised by whatever changes the day's events; written: what it was when the day was last written, so the day is
    due while it is less. urgent: somebody in it was forgotten. kept_as: its name in the event store, "" where there
    is none. zone: the time zone by which it began. rests_until: it is not written again before. taken_until: until
    when somebody is at it.
    """

    day = models.DateField(unique=True)
    changed = models.PositiveBigIntegerField(default=1)
    written = models.PositiveBigIntegerField(default=0)
    written_at = models.DateTimeField(null=True)
    kept_as = models.CharField(max_length=100, blank=True)
    zone = models.CharField(max_length=64, blank=True)
    # The sites that were visited, and how often.
    sources = models.JSONField(default=list)
    events = models.PositiveBigIntegerField(default=0)
    visits = models.PositiveBigIntegerField(default=0)
    urgent = models.BooleanField(default=False)
    rests_until = models.DateTimeField(null=True)
    taken_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["day"], condition=models.Q(changed__gt=models.F("written")), name="site_day_due"
            )
        ]

    def __str__(self) -> str:
        return self.day.isoformat()
