"""How the rows of a file are dealt out: small chunks first, the same rows in the same order."""

from hypothesis import given
from hypothesis import strategies as st

from kartoteka.intake.customer_way import _growing
from kartoteka.intake.pool import Piece, understood_in_order
from kartoteka.intake.row import Plan
from kartoteka.people.rows import Rules

RULES = Rules(weights={}, ages={}, hidden=frozenset())


@given(count=st.integers(0, 60), most=st.integers(0, 9))
def test_chunks_grow_and_nothing_is_lost(count: int, most: int) -> None:
    pieces = [Piece(str(each).encode()) for each in range(count)]
    some = list(_growing(iter(pieces), most))
    assert [piece for chunk in some for piece in chunk] == pieces
    sizes = [len(chunk) for chunk in some]
    assert sizes[:1] in ([], [1])
    assert max(sizes, default=0) <= max(1, most)


def test_a_piece_comes_out_as_it_went_in() -> None:
    plan = Plan(columns=("name",), targets=(None,))
    rows = [(2, ["Anna"]), (3, [None]), (5, ["Ola"])]
    (piece,) = understood_in_order(plan, RULES, [rows], many=False, ahead=1)
    found = piece.rows()
    assert [each.row for each in found] == [2, 3, 5]
    assert all(each.refused for each in found), "no column means anything"
    assert [each.cells for each in found] == [["Anna"], [None], ["Ola"]]
    assert found[0].ready.typed == '{"name":"Anna"}'
