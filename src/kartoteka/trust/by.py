"""Who did it, as three columns of a row that keeps it for good: the member of staff may leave, the name stays."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ByActor(models.Model):
    """A row that says who did it. `create(**by.as_columns, ...)` fills the three from an Actor."""

    by_kind = models.CharField(max_length=10)
    by_key = models.BigIntegerField(default=0)
    by_name = models.CharField(_("who"), max_length=150)

    class Meta:
        abstract = True
