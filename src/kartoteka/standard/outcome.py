"""What every standardising function gives back: the standard value, what was typed, and a problem if any."""

from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Standard(NamedTuple, Generic[T]):
    """One typed text, standardised.

    value: the standard value, None when nothing could be made of the text.
    typed: the text exactly as it came.
    problem: "" or a short machine word ("invalid", "ambiguous", "typo" ...); faces translate it.
    note: what a person might want to know beside it (the proposed domain of a typo), or "".
    """

    value: T | None
    typed: str
    problem: str = ""
    note: str = ""
