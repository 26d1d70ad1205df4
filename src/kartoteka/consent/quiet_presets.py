"""In which hours people may be disturbed, by country, as data; the owner's own rule takes its place.

- ZA: no direct marketing on Sundays and public holidays, on Saturdays before 9 and after 13, on other days from 20 to 8,
  whatever it comes by (Consumer Protection Act 68 of 2008, s. 12, with the notice on prohibited times of 2011).
- US: no solicitation by telephone before 8 and after 21 of the called party's time (47 CFR 64.1200(c)(1)).
- FR: calls Monday to Friday from 10 to 13 and 14 to 20, none on public holidays (Code de la consommation, art. D223-9).
- PL, FI, GB, PH, MY and elsewhere no law that we know sets the hours: decent ones, as our own caution.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from .models import Channel


@dataclass(frozen=True)
class Hours:
    """When people of a country may be disturbed. law: whether a law says so, rather than our caution."""

    country: str
    hours: str
    channels: frozenset[Channel]
    holidays: bool = True
    law: bool = False


_RINGING = frozenset({Channel.PHONE, Channel.SMS, Channel.MESSENGER})
_DECENT = "Mon-Fri 9-20, Sat 10-16"

PRESETS: Mapping[str, Hours] = {
    each.country: each
    for each in (
        Hours("ZA", "Mon-Fri 8-20, Sat 9-13", _RINGING | {Channel.EMAIL}, law=True),
        Hours("US", "Mon-Sun 8-21", _RINGING, holidays=False, law=True),
        Hours("FR", "Mon-Fri 10-13, Mon-Fri 14-20", _RINGING, law=True),
        *(Hours(country, _DECENT, _RINGING) for country in ("", "PL", "FI", "GB", "PH", "MY")),
    )
}
