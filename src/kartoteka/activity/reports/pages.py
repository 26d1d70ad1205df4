"""Pages: where visits end, how long pages are really seen, and which lead to sharing."""

from collections.abc import Sequence
from dataclasses import dataclass

from kartoteka.activity.warehouse.tables import Table
from kartoteka.trust.actor import Actor

from .asking import Asked, may_ask
from .counting import counting

MOST = 1000
_BY = {"exits": "exits", "time": "seconds", "sharing": "led"}


@dataclass(frozen=True)
class PageRow:
    """One page. visits: in which it was seen; views: how often; exits: visits that ended on it; seconds: in which it was
    really visible, of `timed` views; shares: how often it was shared; led: visits that shared something once they had
    seen it.
    """

    page: str
    visits: int
    views: int
    entries: int
    exits: int
    timed: int
    seconds: int
    shares: int
    led: int

    @property
    def exit_share(self) -> float | None:
        """Of the visits that saw it, those that ended on it."""
        return self.exits / self.visits if self.visits else None

    @property
    def seconds_each(self) -> float | None:
        """How long it was visible each time, in the mean; None where nothing told it."""
        return self.seconds / self.timed if self.timed else None

    @property
    def led_share(self) -> float | None:
        """Of the visits that saw it, those that shared something afterwards."""
        return self.led / self.visits if self.visits else None


def pages(*, actor: Actor, asked: Asked, by: str = "exits", most: int = MOST) -> Sequence[PageRow]:
    """At most so many pages; those with the most exits, the most time ("time"), or that led most to sharing ("sharing")
    first, and of these only those that did at all. Raises NotAllowed."""
    may_ask(actor)
    order = _BY[by]
    sums = ("visits", "views", "entries", "exits", "timed", "seconds", "shares", "led")
    with counting() as count:
        count.bring(Table.PAGES, ("page", *sums), asked)
        found = count.rows(
            f"SELECT page, {', '.join(f'sum({each})::BIGINT AS {each}' for each in sums)} FROM pages"  # noqa: S608
            f" GROUP BY page HAVING sum({order}) > 0 ORDER BY sum({order}) DESC, page LIMIT $most",
            most=most,
        )
    return [PageRow(*row) for row in found]
