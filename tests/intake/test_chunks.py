"""How the rows of a file are dealt out to those who understand them: the same rows in the same order."""

import pytest

from kartoteka.intake import pool
from kartoteka.intake.pool import crew
from kartoteka.intake.row import Plan
from kartoteka.people.rows import Rules

RULES = Rules(weights={}, ages={}, hidden=frozenset())


@pytest.mark.parametrize("size", [0, pool.FOR_PROCESSES])
def test_rows_come_out_as_they_went_in(size: int) -> None:
    plan = Plan(columns=("name",), targets=(None,))
    rows = [(2, ["Anna"]), (3, [None]), (5, ["Ola"])]
    with crew(size=size) as some:
        (found,) = some.understood(plan, RULES, iter(rows), least=2, most=5)
    assert [each.row for each in found] == [2, 3, 5]
    assert all(each.refused for each in found), "no column means anything"
    assert [each.cells for each in found] == [["Anna"], [None], ["Ola"]]
    assert found[0].ready.typed == '{"name":"Anna"}'


def test_no_more_come_at_once_than_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many wait, in their order, and as many as are asked for at least, unless they are the last."""
    plan = Plan(columns=("name",), targets=(None,))
    monkeypatch.setattr(pool, "PIECE", 3)
    with crew(size=pool.FOR_PROCESSES) as some:
        found = list(some.understood(plan, RULES, ((row, ["Anna"]) for row in range(1, 32)), least=5, most=9))
    assert [each.row for rows in found for each in rows] == list(range(1, 32))
    assert all(6 <= len(rows) <= 9 for rows in found[:-1])


def test_several_files_are_read_by_one_crew() -> None:
    with crew(size=pool.FOR_PROCESSES) as first, crew(size=0) as second:
        assert second is first
    with crew(size=0) as later:
        assert later is not first
