"""Card numbers are read as they were made, and a slip is noticed."""

from hypothesis import given
from hypothesis import strategies as st

from kartoteka.kit.ids import ALPHABET, new_cards, read_card, show_card


def test_every_card_can_be_read_and_none_comes_twice() -> None:
    cards = new_cards(5000)
    assert len(set(cards)) == 5000
    assert all(read_card(show_card(card)) == card for card in cards)
    # No character stands anywhere much more often than another: 5000 / 31 is 161.
    for place in range(9):
        drawn = [card[place] for card in cards]
        assert all(90 < drawn.count(char) < 240 for char in ALPHABET)


@given(st.integers(0, 8), st.sampled_from(ALPHABET), st.integers(0, 8))
def test_a_wrong_character_and_an_exchange_are_noticed(place: int, char: str, other: int) -> None:
    (card,) = new_cards(1)
    wrong = card[:place] + char + card[place + 1 :]
    assert (read_card(wrong) == wrong) == (wrong == card)
    swapped = list(card)
    swapped[place], swapped[other] = swapped[other], swapped[place]
    assert (read_card("".join(swapped)) != "") == ("".join(swapped) == card)
