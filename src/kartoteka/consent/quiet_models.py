"""When people are left in peace: by country, as the owner has it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class QuietRule(models.Model):
    """In which hours people of a country may be disturbed with what they can refuse, and whether holidays are quiet.

    Takes the place of what quiet_presets.py has for the country.
    """

    # ISO alpha-2; "": every country that has no rule of its own.
    country = models.CharField(_("country"), max_length=2, blank=True, unique=True)
    # As standard.callhours reads them, told in the customer's own time.
    hours = models.CharField(_("hours"), max_length=200)
    channels = models.JSONField(_("channels"), default=list)
    holidays = models.BooleanField(_("public holidays are quiet"), default=True)
    # Days that are quiet beside them, ISO.
    off = models.JSONField(_("other quiet days"), default=list)

    class Meta:
        verbose_name = _("quiet times")
        verbose_name_plural = _("quiet times")
        ordering = ["country"]

    def __str__(self) -> str:
        return f"{self.country}: {self.hours}"
