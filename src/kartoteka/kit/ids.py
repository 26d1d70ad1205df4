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


def new_card() -> str:
    """A new random card number, without dashes; the caller sees to it that it is not taken."""
    number = secrets.randbelow(31**_RANDOM)
    values = []
    for _ in range(_RANDOM):
        number, value = divmod(number, 31)
        values.append(value)
    total = sum(place * value for place, value in enumerate(values, start=1))
    values.append(-total * _NINTH_INVERSE % 31)
    return "".join(ALPHABET[value] for value in values)


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
