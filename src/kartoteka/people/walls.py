"""Whom somebody sees who works in stages, as one condition of the database.

Every list, search and count begins with it, so it is put together here by hand: as a tree of conditions it took the
framework longer to write than the database to answer.
"""

from collections.abc import Collection
from typing import Any

from django.db.models import BooleanField, Func


class InView(Func):
    """Whether a customer stands in these stages, of no team or of one of these, or is given to this member of staff.

    InView("stage", "team", "member", stages=..., teams=..., member=...). member: None where nobody can be given anybody.
    """

    output_field = BooleanField()
    conditional = True

    def __init__(
        self,
        *columns: str,
        stages: Collection[str],
        teams: Collection[int],
        member: int | None,
        **extra: Any,
    ) -> None:
        super().__init__(*columns, **extra)
        self.stages, self.teams, self.member = sorted(stages), sorted(teams), member

    def as_sql(self, compiler: Any, *_given: Any, **_extra: Any) -> tuple[str, tuple[Any, ...]]:
        """The condition; nobody is in view of whom neither a stage nor a customer is."""
        stage, team, member = (compiler.compile(each)[0] for each in self.source_expressions)
        ways: list[str] = []
        values: list[Any] = []
        if self.member is not None:
            ways.append(f"{member} = %s")
            values.append(self.member)
        if self.stages:
            theirs = f" OR {team} IN ({_marks(self.teams)})" if self.teams else ""
            ways.append(f"{stage} IN ({_marks(self.stages)}) AND ({team} IS NULL{theirs})")
            values += [*self.stages, *self.teams]
        return f"({' OR '.join(ways) or '1 = 0'})", tuple(values)


def _marks(some: Collection[Any]) -> str:
    return ", ".join(["%s"] * len(some))
