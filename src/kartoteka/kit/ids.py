"""Card numbers: short, easy to read out, with a check character, and no sequence to guess.

Nine characters of an alphabet of 31 (digits and capitals without I, L, O, S, U, which are misread), written in threes:
`7KM-2Q9-XD4`. Eight are random; the ninth makes the sum of each character times its place divisible by 31. As 31 is
prime and greater than nine, every single wrong character and every exchange of two characters is noticed.
"""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRTVWXYZ"
_VALUE = {char: value for value, char in enumerate(ALPHABET)}
# What people type for letters that the alphabet leaves out.
_HEARD = str.maketrans({"O": "0", "I": "1", "L": "1", "S": "5", "U": "V"})
_RANDOM = 8
# 1/9 modulo 31, as the check character stands in the ninth place.
_NINTH_INVERSE = pow(9, -1, 31)
# Any two characters, the sum of their values times their places (first and second), and the sum of their values.
_TWO = 31**2
_PAIRS = [one + other for one in ALPHABET for other in ALPHABET]
_SUMS = [_VALUE[pair[0]] + 2 * _VALUE[pair[1]] for pair in _PAIRS]
_PLAIN_SUMS = [_VALUE[pair[0]] + _VALUE[pair[1]] for pair in _PAIRS]
_BYTES = 5
_FAIR = 31**_RANDOM


def new_cards(count: int) -> list[str]:
    """`count` random card numbers, without dashes; the caller sees to it that none is taken."""
    cards: list[str] = []
    while len(cards) < count:
        drawn = secrets.token_bytes(_BYTES * (count - len(cards)))
        for at in range(0, len(drawn), _BYTES):
            number = int.from_bytes(drawn[at : at + _BYTES])
            if number < _FAIR:  # beyond it some numbers would come up more often than others
                cards.append(_card(number))
    return cards


def _card(number: int) -> str:
    """The card number of eight random characters, two by two, and the check character."""
    number, first = divmod(number, _TWO)
    number, second = divmod(number, _TWO)
    fourth, third = divmod(number, _TWO)
    # Its two characters stand one place further on for each that is in front of them.
    total = (
        _SUMS[first]
        + _SUMS[second] + 2 * _PLAIN_SUMS[second]
        + _SUMS[third] + 4 * _PLAIN_SUMS[third]
        + _SUMS[fourth] + 6 * _PLAIN_SUMS[fourth]
    )  # fmt: skip
    check = ALPHABET[-total * _NINTH_INVERSE % 31]
    return f"{_PAIRS[first]}{_PAIRS[second]}{_PAIRS[third]}{_PAIRS[fourth]}{check}"


def read_card(typed: str) -> str:
    """The card number meant by what somebody typed (dashes, spaces, small letters), or "" when it is none."""
    bare = "".join(typed.upper().replace("-", "").split()).translate(_HEARD)
    if len(bare) != _RANDOM + 1 or any(char not in _VALUE for char in bare):
        return ""
    total = sum(place * _VALUE[char] for place, char in enumerate(bare, start=1))
    return bare if total % 31 == 0 else ""


def show_card(card: str) -> str:
    """As it is printed and read out: in threes with dashes."""
    return "-".join(card[start : start + 3] for start in range(0, len(card), 3))
