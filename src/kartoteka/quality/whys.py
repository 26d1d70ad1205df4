"""Why somebody joined or separated two cards, in their own words: sealed, as these may name what stands in a sealed field.

What the matching itself says keeps no value of such a field (linking.reasons.without_secrets).
"""

from collections.abc import Iterable, Sequence

from kartoteka.trust.personal_keys import Subject, is_sealed, open_many, seal

from .models import Merger, Split

_LONGEST = 300


def shut(why: str, identities: Sequence[int]) -> str:
    """The words, sealed with the key of the first of the identities that moved; "" where there are none."""
    words = why.strip()[:_LONGEST]
    return seal(Subject("identity", str(identities[0])), words) if words and identities else ""


def open_whys(rows: Iterable[Merger | Split]) -> None:
    """Put the words in plain, in these objects only; "" where nobody can open them any more. One question for them all."""
    sealed = [each for each in rows if is_sealed(each.why)]
    for each, words in zip(sealed, open_many([each.why for each in sealed]) if sealed else (), strict=True):
        each.why = words or ""
