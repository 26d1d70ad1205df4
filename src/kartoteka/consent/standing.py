"""What a customer has chosen as it stands, computed from the ledger. Pure.

A customer is several identities, and each may have said something. For one purpose and channel (and, where it
matters, one
contact point):

1. Of each identity the newest line counts: by its moment, then by its place in the ledger. A withdrawal is about the
   whole channel; a grant that names a contact point is about that one only.
2. A line is set aside where a later choice *settled* it: one that was made for the customer as a whole while both
identities
   belonged to them. It is so only as long as both belong to one customer: a split gives each back what they had said.
3. Of what is left the stricter wins: one withdrawal outweighs every grant. Else any grant that still holds is enough.

So a merger makes nothing laxer, the order of lines in a set means nothing, and saying a thing twice changes nothing.
"""

import calendar
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

GIVEN, WITHDRAWN, ASKED = "given", "withdrawn", "asked"


@dataclass(frozen=True)
class Said:
    """One line of the ledger as the computing needs it.

    settled_by: the keys of the lines of the same customer that settle it. guardian: a parent or guardian said it.
    """

    key: int
    identity: int
    purpose: int
    channel: str
    what: str
    at: dt.datetime
    point: int | None = None
    confirmed: bool = False
    settled_by: frozenset[int] = frozenset()
    guardian: bool = False


class State(StrEnum):
    """What stands."""

    NONE = "none"  # never asked, or asked of another contact point
    ASKED = "asked"  # a link was sent, not yet clicked
    GIVEN = "given"
    EXPIRED = "expired"  # given, but too long ago
    UNCONFIRMED = "unconfirmed"  # given, but not by the link that the purpose asks for
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Standing:
    """What stands, and the line that decided (None where nothing was ever said)."""

    state: State
    said: Said | None = None


def standing(
    lines: Iterable[Said],
    *,
    point: int | None = None,
    at: dt.datetime,
    not_before: dt.datetime | None = None,
    confirmed: bool = False,
) -> Standing:
    """What stands at the moment `at`, of one customer's lines for one purpose and channel.

    point: the contact point it is about, if any. not_before: grants older than this are expired. confirmed: a
    grant must be
    confirmed through the contact point itself.
    """
    known = [each for each in lines if each.at <= at]
    about = {each.key: each for each in known if each.what != ASKED and _concerns(each, point)}
    left = [each for each in _newest_of_each(about.values()) if not each.settled_by & about.keys()]
    if withdrawn := [each for each in left if each.what == WITHDRAWN]:
        return Standing(State.WITHDRAWN, max(withdrawn, key=_newness))
    if left:
        return _granted(left, not_before, confirmed)
    asked = [each for each in known if each.what == ASKED]
    return Standing(State.ASKED, max(asked, key=_newness)) if asked else Standing(State.NONE)


def _granted(grants: list[Said], not_before: dt.datetime | None, confirmed: bool) -> Standing:
    fresh = [each for each in grants if not_before is None or each.at >= not_before]
    good = [each for each in fresh if each.confirmed or not confirmed]
    for state, some in ((State.GIVEN, good), (State.UNCONFIRMED, fresh), (State.EXPIRED, grants)):
        if some:
            return Standing(state, max(some, key=_newness))
    raise AssertionError("there are grants")


def _concerns(each: Said, point: int | None) -> bool:
    return each.what == WITHDRAWN or each.point is None or each.point == point


def _newest_of_each(lines: Iterable[Said]) -> list[Said]:
    newest: dict[int, Said] = {}
    for each in sorted(lines, key=_newness):
        newest[each.identity] = each
    return list(newest.values())


def _newness(each: Said) -> tuple[dt.datetime, int]:
    return each.at, each.key


def months_before(moment: dt.datetime, months: int) -> dt.datetime:
    """The moment so many calendar months earlier; on the month's last day where it has no day of that number."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)
