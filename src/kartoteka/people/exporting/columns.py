"""Columns that floors above fill in a file of customers: what they are called, and what they hold of each."""

from collections.abc import Callable, Collection, Mapping, Sequence

from kartoteka.people.catalogue import Text
from kartoteka.people.listing import columns_for
from kartoteka.trust.actor import Actor

# From these customers' keys their cells by column, for who may know them; who has none is left out.
Tell = Callable[[Actor, Collection[int]], Mapping[int, Mapping[str, str]]]
_further: list[tuple[Mapping[str, Text], Tell]] = []


def filled_by(labels: Mapping[str, Text], tell: Tell) -> None:
    """Let a floor above fill columns of these names. Called from an app's `ready()`."""
    _further.append((labels, tell))


def columns_of_files(actor: Actor) -> dict[str, Text]:
    """What a file can hold of a customer, for this actor, by column."""
    found = columns_for(actor)
    for labels, _tell in _further:
        found.update(labels)
    return found


def further_cells(
    actor: Actor, customers: Collection[int], columns: Sequence[str]
) -> dict[int, dict[str, str]]:
    """What floors above tell of these customers in those of `columns` that are theirs; asked only where one is."""
    found: dict[int, dict[str, str]] = {}
    for labels, tell in _further:
        if not labels.keys().isdisjoint(columns):
            for customer, cells in tell(actor, customers).items():
                found.setdefault(customer, {}).update(cells)
    return found
