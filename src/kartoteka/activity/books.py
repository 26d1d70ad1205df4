"""How long the law has us keep what was sold, also of somebody who is forgotten: then in bare form, pointing at nobody.

Sources, by country, in years from the end of the year of the sale, read with caution where a law leaves room:
- PL: Ordynacja podatkowa art. 86 with art. 70: five years from the end of the year in which the tax was due, so six.
- FI: Accounting Act 1336/1997 ch. 2 s. 10: vouchers six years.
- GB: VAT Act 1994 sch. 11 para. 6: six years.
- ZA: Tax Administration Act 28 of 2011 s. 29: five years.
- PH: National Internal Revenue Code s. 235 as amended by RA 11976: five years.
- MY: Income Tax Act 1967 s. 82: seven years.
"""

import datetime as dt
from collections.abc import Mapping

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_YEARS: Mapping[str, tuple[int, str | Promise]] = {
    "PL": (6, _("the tax law of Poland")),
    "FI": (6, _("the accounting law of Finland")),
    "GB": (6, _("the VAT law of the United Kingdom")),
    "ZA": (5, _("the tax law of South Africa")),
    "PH": (5, _("the tax law of the Philippines")),
    "MY": (7, _("the tax law of Malaysia")),
}
_ELSEWHERE = (10, _("the tax law of our country"))


def kept_until(day: dt.date) -> dt.date:
    """The last day on which a sale of `day` is kept, by the law of the business's own country."""
    years, _law = _YEARS.get(settings.KARTOTEKA.country, _ELSEWHERE)
    return dt.date(day.year + years, 12, 31)


def law() -> str:
    """What that law is called."""
    return str(_YEARS.get(settings.KARTOTEKA.country, _ELSEWHERE)[1])


def still_kept_from(today: dt.date) -> dt.date:
    """The first day of sales that are still to be kept today."""
    years, _law = _YEARS.get(settings.KARTOTEKA.country, _ELSEWHERE)
    return dt.date(today.year - years, 1, 1)
