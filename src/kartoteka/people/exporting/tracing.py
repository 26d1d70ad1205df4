"""A file that turned up, read back to who took it out: by its canaries, the order of its rows, the spacing of its texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import comb

from kartoteka.kit.ids import read_card
from kartoteka.people.models import Canary, Customer, Export
from kartoteka.people.search.words import national
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note

from .marks import NO_BREAK, is_marked, order_of

# So many texts are looked at, and so many rows: enough to be sure, however large the file.
_TEXTS, _ROWS = 3000, 3000
# How unlikely chance must be before a mark counts: one in a million, over all exports that are compared.
_CHANCE = 1e-6
Rows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Trace:
    """One export that the file may be, or be a part of.

    canaries: how many of its invented customers are in the file. spacing, order: (how many fit, of how many), as far as
    these could be read. sure: whether one of the three is beyond chance.
    """

    export: Export
    canaries: int
    spacing: tuple[int, int]
    order: tuple[int, int]
    sure: bool


def trace(*, rows: Rows, by: Actor) -> list[Trace]:
    """The exports that these rows come from, the surest first; empty where no mark is left. Raises NotAllowed."""
    by.must(Right.AUDIT)
    exports = {
        each.pk: each for each in Export.objects.exclude(state__in=[Export.State.ASKED, Export.State.REFUSED])
    }
    texts = _texts(rows)
    found_canaries = _canaries_in(rows)
    cards = _cards_of(rows)
    likely = _CHANCE / max(1, len(exports))
    traces = []
    for key, export in exports.items():
        spacing = _spacing(export, texts)
        order = _order(export, cards)
        seen = found_canaries.get(key, 0)
        sure = seen > 0 or _by_chance(*spacing) < likely or _by_chance(*order) < likely
        if sure:
            traces.append(Trace(export, seen, spacing, order, sure))
    note(
        by=by, action="traced a file", matter="base", detail={"exports": [each.export.pk for each in traces]}
    )
    return sorted(traces, key=lambda each: (-each.canaries, -each.spacing[0] / max(1, each.spacing[1])))


def _cells(rows: Rows) -> list[str]:
    return [cell.removeprefix("'") for row in rows for cell in row if cell]


def _texts(rows: Rows) -> dict[str, bool]:
    """The texts of several words, with plain spaces, and whether the last space was a no-break one."""
    found: dict[str, bool] = {}
    for cell in _cells(rows):
        plain = cell.replace(NO_BREAK, " ")
        if " " in plain.strip() and len(found) < _TEXTS:
            found[plain] = NO_BREAK in cell
    return found if NO_BREAK in "".join(_cells(rows[:_ROWS])) else {}


def _spacing(export: Export, texts: dict[str, bool]) -> tuple[int, int]:
    fit = sum(is_marked(export.mark, text) == marked for text, marked in texts.items())
    return fit, len(texts)


def _canaries_in(rows: Rows) -> dict[int, int]:
    cells = {cell.replace(NO_BREAK, " ").strip().lower() for cell in _cells(rows)}
    digits = {_digits(cell) for cell in cells if _looks_dialled(cell)}
    cards = {card for cell in cells if (card := read_card(cell))}
    found: dict[int, int] = {}
    for canary in Canary.objects.all().iterator():
        named = _met(canary.name.lower(), cells) and not Customer.objects.filter(name=canary.name).exists()
        dialled = _digits(canary.phone)
        called = _met(dialled, digits) or (len(dialled) > 8 and _met(national(dialled).lstrip("0"), digits))
        if canary.card in cards or _met(canary.email.lower(), cells) or called or named:
            found[canary.export_id] = found.get(canary.export_id, 0) + 1
    return found


def _looks_dialled(cell: str) -> bool:
    return cell[:1].isdecimal() or cell[:1] in "+("


def _digits(cell: str) -> str:
    """The digits of a number as anybody writes it, without what is dialled before it abroad or at home."""
    return "".join(filter(str.isdecimal, cell)).lstrip("0")


def _met(point: str, among: set[str]) -> bool:
    return bool(point) and point in among


def _cards_of(rows: Rows) -> list[str]:
    """The cards of the customers in the rows, in the file's order, as far as a row says whose it is."""
    rows = rows[:_ROWS]
    cells = [[cell.removeprefix("'").replace(NO_BREAK, " ").strip() for cell in row if cell] for row in rows]
    every = {each for row in cells for cell in row for each in _as_kept(cell)}
    known: dict[str, set[str]] = {}
    for column in ("email", "phone", "name"):
        wanted = [cell for cell in every if _could_be(column, cell)]
        found = Customer.objects.filter(**{f"{column}__in": wanted}).values_list(column, "card")
        for value, card in found.iterator():
            known.setdefault(value, set()).add(card)
    cards = []
    for row in cells:
        own = [number for cell in row if (number := read_card(cell))]
        told = [known[each] for cell in row for each in _as_kept(cell) if each in known]
        only = own[0] if own else next((next(iter(some)) for some in told if len(some) == 1), "")
        if only:
            cards.append(only)
    return list(dict.fromkeys(cards))


def _as_kept(cell: str) -> tuple[str, ...]:
    """A cell, and what it was before somebody wrote it in capitals or a spreadsheet took it for a number."""
    if "@" in cell:
        return cell, cell.lower()
    if cell.isdecimal() and len(cell) > 8:
        return cell, f"+{cell}"
    return (cell,)


def _could_be(column: str, cell: str) -> bool:
    if column == "email":
        return "@" in cell
    return cell[:1] == "+" if column == "phone" else " " in cell


def _order(export: Export, cards: list[str]) -> tuple[int, int]:
    places = [order_of(export.mark, card) for card in cards]
    rising = sum(one < other for one, other in pairwise(places))
    return rising, max(0, len(places) - 1)


def _by_chance(fit: int, of: int) -> float:
    """How likely at least so many fit by chance, each by one half."""
    if not of or fit * 2 <= of:
        return 1.0
    if of > 400:  # beyond this the tail of fits well above half is nothing
        return 0.0 if fit > of * 0.65 else 1.0
    return float(sum(comb(of, each) for each in range(fit, of + 1)) / 2**of)
