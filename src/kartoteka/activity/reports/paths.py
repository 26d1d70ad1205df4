"""Paths: from which page visits go on to which, step by step."""

from collections.abc import Sequence
from dataclasses import dataclass

from kartoteka.activity.warehouse.tables import STEPS_KEPT, Table
from kartoteka.trust.actor import Actor

from .asking import Asked, may_ask
from .counting import Counting, counting

NODES, STEPS = 8, 4


@dataclass(frozen=True)
class Link:
    """How many visits went from one page, their step-th (from 1), to another. None: one of the many seldom ones; "" as the
    target: the visit ended there."""

    step: int
    source: str | None
    target: str | None
    visits: int


@dataclass(frozen=True)
class Paths:
    """The ways of the visits that saw a page: `visits` of them."""

    visits: int
    links: Sequence[Link]


def paths(*, actor: Actor, asked: Asked, steps: int = STEPS, nodes: int = NODES) -> Paths:
    """The first steps (2 to 6) of visits. Of each step the `nodes` most seen pages are told; the others are one.

    A page seen again at once is one step. Raises NotAllowed.
    """
    may_ask(actor)
    steps, nodes = max(2, min(steps, STEPS_KEPT)), max(1, min(nodes, 20))
    with counting() as count:
        columns = [f"p{place}" for place in range(1, steps + 1)]
        count.bring(Table.VISITS, columns, asked, coded=True)
        for place in range(1, steps + 1):
            _lift_the_most_seen(count, place, nodes)
        links = [link for place in range(1, steps) for link in _links(count, place)]
        ((visits,),) = count.rows("SELECT count(*) FROM visits WHERE p1 <> $none", none=count.code("p1", ""))
    return Paths(visits, links)


def _lift_the_most_seen(count: Counting, place: int, nodes: int) -> None:
    count.make(
        f"CREATE TABLE most{place} AS SELECT code, word FROM (SELECT p{place} AS code, count(*) AS n FROM visits"  # noqa: S608
        f" GROUP BY 1) JOIN word_p{place} USING (code) WHERE word <> '' ORDER BY n DESC, word LIMIT {nodes}"
    )


def _links(count: Counting, place: int) -> list[Link]:
    one, other = f"p{place}", f"p{place + 1}"
    found = count.rows(
        f"SELECT a.word, CASE WHEN {other} = $end THEN '' ELSE b.word END AS target, sum(n)::BIGINT"  # noqa: S608
        f" FROM (SELECT {one}, {other}, count(*) AS n FROM visits WHERE {one} <> $none GROUP BY ALL) both_pages"
        f" LEFT JOIN most{place} a ON a.code = {one} LEFT JOIN most{place + 1} b ON b.code = {other}"
        " GROUP BY ALL ORDER BY 3 DESC, 1 NULLS LAST, 2 NULLS LAST",
        none=count.code(one, ""),
        end=count.code(other, ""),
    )
    return [Link(place, *row) for row in found]
