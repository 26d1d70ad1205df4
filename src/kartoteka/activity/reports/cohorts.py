"""Cohorts: of those who came for the first time in a week, how many came again in the weeks after."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from kartoteka.activity.warehouse.models import SiteDay
from kartoteka.activity.warehouse.tables import Table
from kartoteka.trust.actor import Actor

from .asking import Asked, may_ask
from .counting import counting

WEEKS = 12


@dataclass(frozen=True)
class Cohort:
    """Who came first in the week of this Monday: `people` of them. returned: how many visited in the n-th week after
    it (from the first on), as far as it has begun."""

    monday: dt.date
    people: int
    returned: Sequence[int]


def cohorts(*, actor: Actor, asked: Asked, weeks: int = WEEKS) -> Sequence[Cohort]:
    """The cohorts whose week begins in the days asked for or holds the first of them, the oldest first; each followed until
    the last of the days. Weeks begin on Monday. A person's first visit is the first on the site (and device) asked
    for that is known. Raises NotAllowed.
    """
    may_ask(actor)
    earliest = SiteDay.objects.exclude(kept_as="").order_by("day").values_list("day", flat=True).first()
    if earliest is None:
        return []
    begin = asked.first - dt.timedelta(days=asked.first.weekday())
    with counting() as count:
        count.bring(Table.VISITS, ("visitor", "day"), asked, first=min(earliest, begin))
        count.bring_people()
        found = count.rows(_COHORTS, begin=begin, weeks=weeks)
    rows: dict[dt.date, dict[int, int]] = {}
    for monday, after, people in found:
        rows.setdefault(monday, {})[after] = people
    return [
        Cohort(
            monday,
            counted[0],
            [counted.get(n, 0) for n in range(1, min(weeks, (asked.last - monday).days // 7) + 1)],
        )
        for monday, counted in rows.items()
    ]


_COHORTS = """
WITH came AS (
    SELECT DISTINCT coalesce(known.customer, -visitor) AS person, date_trunc('week', day)::DATE AS week
    FROM visits LEFT JOIN known USING (visitor)
),
begun AS (SELECT person, min(week) AS monday FROM came GROUP BY person HAVING min(week) >= $begin)
SELECT monday, ((week - monday) // 7)::INTEGER AS after, count(*) FROM came JOIN begun USING (person)
WHERE after <= $weeks GROUP BY ALL ORDER BY 1, 2
"""
