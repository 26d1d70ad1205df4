"""Whom somebody sees who works in stages, as one condition of the database.

Every list, search and count begins with it, so it is put together here by hand: as a tree of conditions it took the
framework longer to write than the database to answer.
"""

from collections.abc import Collection
from typing import Any

from django.db.models import BooleanField, Func

from kartoteka.trust.actor import Stage


class InView(Func):
    """Whether a customer stands in these stages, of no team or of one of these, or is given to this member of staff.

    Of a query of customers only. member: None where nobody can be given anybody.
    """

    output_field = BooleanField()
    conditional = True

    def __init__(
        self, *, stages: Collection[str], teams: Collection[int], member: int | None, **extra: Any
    ) -> None:
        super().__init__(**extra)
        self.stages = [each for each in Stage if each in stages]
        self.teams, self.member = sorted(teams), member

    def as_sql(self, compiler: Any, *_given: Any, **_extra: Any) -> tuple[str, tuple[Any, ...]]:
        """The condition; nobody is in view of whom neither a stage nor a customer is.

        All that it names is written out, being whole numbers and stages that we know: SQLite plans a statement anew
        whenever something else is bound where an index could help, which took longer than to read the page.
        """
        query = compiler.query
        if query.model._meta.label_lower != "people.customer":
            raise TypeError("Whom somebody sees is asked of customers.")
        table = compiler.quote_name_unless_alias(query.get_initial_alias())
        ways: list[str] = []
        if self.member is not None:
            ways.append(f"{table}.member_id = {self.member:d}")
        if self.stages:
            stages = ", ".join(f"'{each.value}'" for each in self.stages)
            teams = ", ".join(f"{each:d}" for each in self.teams)
            theirs = f" OR {table}.team_id IN ({teams})" if teams else ""
            ways.append(f"{table}.stage IN ({stages}) AND ({table}.team_id IS NULL{theirs})")
        return f"({' OR '.join(ways) or '1 = 0'})", ()
