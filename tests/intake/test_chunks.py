"""How the rows of a file are dealt out to those who understand them: the same rows in the same order."""

from kartoteka.intake.pool import crew
from kartoteka.intake.row import Plan
from kartoteka.people.rows import Rules

RULES = Rules(weights={}, ages={}, hidden=frozenset())


def test_a_piece_comes_out_as_it_went_in() -> None:
    plan = Plan(columns=("name",), targets=(None,))
    rows = [(2, ["Anna"]), (3, [None]), (5, ["Ola"])]
    with crew(many=False) as some:
        (piece,) = some.understood(plan, RULES, [rows])
    found = piece.rows()
    assert [each.row for each in found] == [2, 3, 5]
    assert all(each.refused for each in found), "no column means anything"
    assert [each.cells for each in found] == [["Anna"], [None], ["Ola"]]
    assert found[0].ready.typed == '{"name":"Anna"}'
