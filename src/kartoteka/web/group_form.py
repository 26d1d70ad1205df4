"""The builder of a group's rule: from the form's fields to the rule's JSON and back to what the page shows.

Each part of the rule has a path ("0.1"); its fields are named by it ("trait.0.1"). `kind` is all, any, none, or condition.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from kartoteka.kit.traits import OPS, Op, Part, Text, Trait, Type
from kartoteka.segments.rule import DEEPEST, MOST_CONDITIONS, MOST_NARROWED
from kartoteka.segments.sentence import OP_NAMES

_LISTED = (Op.ANY_OF, Op.ALL_OF, Op.NONE_OF, Op.MONTH)
_NOTHING = (Op.KNOWN, Op.UNKNOWN, Op.YES, Op.NO)
_DAYS = (Op.LAST, Op.NOT_LAST, Op.NEXT)
_THEN = (Op.FOLLOWED, Op.NOT_FOLLOWED)
# More choices than this are written, with suggestions, rather than ticked in a list.
MOST_CHOSEN = 400
# So much of what is often written stands beneath the field.
MOST_OFFERED = 8


@dataclass(frozen=True)
class Narrowed:
    """One test by which an event is narrowed. name: its fields begin with it ("w.0.1.0")."""

    name: str
    part: Part
    key: str
    op: str
    ops: tuple[tuple[str, Text], ...]
    entry: str
    choices: tuple[tuple[str, Text], ...]
    value: tuple[str, ...]
    # What is often written as value, and the properties seen lately.
    often: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """One part of the rule as the builder shows it."""

    path: str
    kind: str
    parts: tuple[Row, ...] = ()
    trait: Trait | None = None
    lost: str = ""
    op: str = ""
    ops: tuple[tuple[str, Text], ...] = ()
    # nothing, choices, words, text, number, days, day, between, between_days, then, silent
    entry: str = "nothing"
    choices: tuple[tuple[str, Text], ...] = ()
    value: tuple[str, ...] = ()
    often: tuple[str, ...] = ()
    given: Mapping[str, Any] = field(default_factory=dict)
    where: tuple[Narrowed, ...] = ()
    # The event that follows, and what it is narrowed by.
    by: Trait | None = None
    by_where: tuple[Narrowed, ...] = ()
    deep: bool = False


def rule_in(sent: QueryDict) -> dict[str, Any]:
    """The rule that the form says, as JSON; not yet checked."""
    return _node_in(sent, "0", 1)


def _node_in(sent: QueryDict, path: str, depth: int) -> dict[str, Any]:
    kind = sent.get(f"kind.{path}", "all")
    if kind == "condition" or depth > DEEPEST:
        return _condition_in(sent, path)
    order = [each for each in sent.get(f"parts.{path}", "").split(",") if each.isdecimal()]
    parts = [_node_in(sent, f"{path}.{each}", depth + 1) for each in order[: 2 * MOST_CONDITIONS]]
    return {"not": {"any": parts}} if kind == "none" else {"any" if kind == "any" else "all": parts}


def _condition_in(sent: QueryDict, path: str) -> dict[str, Any]:
    found: dict[str, Any] = {"trait": sent.get(f"trait.{path}", ""), "op": sent.get(f"op.{path}", "")}
    if called := sent.get(f"called.{path}"):
        found["called"] = called[:200]
    op = found["op"]
    if op not in (*_NOTHING, *_THEN):
        found["value"] = _value_in(sent, f"value.{path}", op)
    for name in ("currency", "measure", "days", "within"):
        if said := sent.get(f"{name}.{path}", "").strip():
            found[name] = said
    if where := _where_in(sent, f"w.{path}"):
        found["where"] = where
    if op in _THEN:
        found["by"] = {"trait": sent.get(f"by.{path}", ""), "where": _where_in(sent, f"b.{path}")}
    return found


def _value_in(sent: QueryDict, name: str, op: str) -> Any:
    value = [each for each in sent.getlist(name) if each.strip()]
    if op in _LISTED:
        return [part.strip() for each in value for part in each.split("\n") if part.strip()]
    if op == Op.BETWEEN:
        return value
    return value[0] if value else ""


def _where_in(sent: QueryDict, start: str) -> list[dict[str, Any]]:
    found = []
    for place in sent.get(f"{start}.has", "").split(","):
        name = f"{start}.{place}"
        if place.isdecimal() and (part := sent.get(f"{name}.part", "")):
            narrow: dict[str, Any] = {"part": part, "op": sent.get(f"{name}.op", "")}
            if f"{name}.key" in sent:
                narrow["key"] = sent.get(f"{name}.key", "").strip()
            if narrow["op"] not in _NOTHING:
                narrow["value"] = _value_in(sent, f"{name}.value", narrow["op"])
            found.append(narrow)
    return found[: 2 * MOST_NARROWED]


def changed(rule: dict[str, Any], do: str, traits: Mapping[str, Trait]) -> dict[str, Any]:
    """The rule after a button of the builder. What fits nowhere changes nothing.

    "add:0", "nest:0", "drop:0.1" for conditions; "narrow:w.0.1" and "widen:w.0.1.2" for what narrows an event, with b in
    place of w for the event that follows.
    """
    verb, _colon, path = do.partition(":")
    if verb in ("narrow", "widen"):
        return _narrow_changed(rule, verb, path, traits)
    places = _places(path)
    if verb == "drop":
        if places and (within := _parts_at(rule, places[:-1])) is not None and places[-1] < len(within):
            del within[places[-1]]
    elif (parts := _parts_at(rule, places)) is not None and len(parts) < MOST_CONDITIONS:
        if verb == "add":
            parts.append(blank(traits))
        elif verb == "nest":
            parts.append({"any": [blank(traits)]})
    return rule


def focused(rule: Mapping[str, Any], do: str) -> str:
    """The id of the field at which whoever pressed a button goes on, in the rule that came of it; "" for no button.

    That is the condition that is new, or the button for another where one was taken out.
    """
    verb, _colon, path = do.partition(":")
    around, _dot, _last = path.rpartition(".")
    if verb == "drop":
        return f"add-{around}"
    if verb == "widen":
        return f"{around}.more"
    if verb == "narrow":
        whose, _dot, rest = path.partition(".")
        condition = _at(rule, _places(rest)) or {}
        where = (condition if whose == "w" else condition.get("by", {})).get("where", ())
        return f"{path}.{len(where) - 1}.part" if where else f"{path}.more"
    if verb not in ("add", "nest"):
        return ""
    made = f"{path}.{len(parts_of(_at(rule, _places(path)) or {})[1]) - 1}"
    return f"trait-{made}" if verb == "add" else f"trait-{made}.0"


def _at(rule: Mapping[str, Any], places: Sequence[int]) -> Any:
    """The part of the rule at this place; None where there is none."""
    node: Any = rule
    for place in places:
        parts = parts_of(node)[1]
        if place >= len(parts):
            return None
        node = parts[place]
    return node


def _places(path: str) -> list[int]:
    return [int(each) for each in path.split(".")[1:] if each.isdecimal() and len(each) < 5]


def _narrow_changed(
    rule: dict[str, Any], verb: str, path: str, traits: Mapping[str, Trait]
) -> dict[str, Any]:
    whose, _dot, rest = path.partition(".")
    places = _places(rest)
    last = places.pop() if verb == "widen" and places else -1
    if not places or (within := _parts_at(rule, places[:-1])) is None or places[-1] >= len(within):
        return rule
    condition = within[places[-1]]
    told = condition if whose == "w" else condition.setdefault("by", {})
    trait, where = traits.get(str(told.get("trait"))), told.setdefault("where", [])
    if verb == "widen" and 0 <= last < len(where):
        del where[last]
    elif verb == "narrow" and trait is not None and trait.parts and len(where) < MOST_NARROWED:
        where.append({"part": trait.parts[0].key, "op": ""})
    return rule


def blank(traits: Mapping[str, Trait]) -> dict[str, Any]:
    """A condition to begin with."""
    return {"trait": next(iter(traits), ""), "op": ""}


def _parts_at(rule: dict[str, Any], places: Sequence[int]) -> list[dict[str, Any]] | None:
    node: Any = rule
    for place in (*places, None):
        kind, parts = parts_of(node)
        if kind == "condition":
            return None
        if place is None:
            return parts
        if place >= len(parts):
            return None
        node = parts[place]
    return None


def parts_of(node: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    """How a node joins its parts, and these."""
    for kind in ("all", "any"):
        if kind in node:
            return kind, node[kind]
    if "not" in node:
        inner = node["not"]
        if "any" not in inner:
            node["not"] = inner = {"any": [inner]}
        return "none", inner["any"]
    return "condition", []


def row_of(node: dict[str, Any], traits: Mapping[str, Trait], path: str = "0") -> Row:
    """A part of the rule for the page; the outermost is always one that joins others."""
    kind, parts = parts_of(node)
    if kind == "condition":
        if path == "0":
            return row_of({"all": [node]}, traits)
        return _condition(node, traits, path)
    rows = tuple(row_of(each, traits, f"{path}.{place}") for place, each in enumerate(parts))
    return Row(path, kind, rows, deep=path.count(".") >= DEEPEST - 3)


def _condition(node: Mapping[str, Any], traits: Mapping[str, Trait], path: str) -> Row:
    trait = traits.get(str(node.get("trait")))
    if trait is None:
        return Row(path, "condition", lost=str(node.get("called") or node.get("trait") or "?"), given=node)
    ops = OPS[trait.type]
    op = Op(node["op"]) if node.get("op") in ops else ops[0]
    choices = _choices(trait, op)
    value = node.get("value")
    values = _as_texts(value)
    entry = _entry(trait.type, op, choices)
    by = node.get("by") or {}
    other = traits.get(str(by.get("trait")))
    return Row(
        path,
        "condition",
        trait=trait,
        op=op.value,
        ops=tuple((each.value, OP_NAMES[each]) for each in ops),
        entry=entry,
        choices=choices,
        value=values,
        often=tuple(trait.often())[:MOST_OFFERED] if entry == "words" else (),
        given=node,
        where=_narrowed(trait.parts, node.get("where") or (), f"w.{path}"),
        by=other,
        by_where=_narrowed(other.parts, by.get("where") or (), f"b.{path}") if other else (),
    )


def _choices(trait: Trait, op: Op) -> tuple[tuple[str, Text], ...]:
    if op == Op.MONTH:
        import datetime as dt

        from django.utils.formats import date_format

        return tuple((str(each), date_format(dt.date(2000, each, 1), "F")) for each in range(1, 13))
    return tuple(trait.choices())[:MOST_CHOSEN] if op in _LISTED else ()


def _entry(type: Type, op: Op, choices: Sequence[object]) -> str:
    if op in _NOTHING:
        return "nothing"
    if op in _LISTED:
        return "choices" if choices else "words"
    if op in (*_THEN, Op.SILENT):
        return "then" if op in _THEN else "silent"
    if op in _DAYS:
        return "days"
    dated = type in (Type.DATE, Type.MOMENT)
    if op == Op.BETWEEN:
        return "between_days" if dated else "between"
    if dated:
        return "day"
    return "text" if op in (Op.CONTAINS, Op.STARTS) else "number"


def _as_texts(value: Any) -> tuple[str, ...]:
    some = value if isinstance(value, (list, tuple)) else [value]
    return tuple(str(each) for each in some if each is not None)


def _narrowed(parts: Sequence[Part], where: Sequence[Any], start: str) -> tuple[Narrowed, ...]:
    known = {each.key: each for each in parts}
    found = []
    for place, each in enumerate(where):
        part = known.get(str(each.get("part"))) if isinstance(each, Mapping) else None
        if part is None:
            continue
        open_ = part.type == Type.OPEN
        # Of events themselves nobody asks whether a part is known; of what was sent along they do.
        ops = [op for op in OPS[part.type] if open_ or op not in (Op.KNOWN, Op.UNKNOWN)]
        op = Op(each["op"]) if each.get("op") in ops else ops[0]
        choices = tuple(part.choices())[:MOST_CHOSEN] if op in _LISTED else ()
        found.append(
            Narrowed(
                f"{start}.{place}",
                part,
                str(each.get("key") or ""),
                op.value,
                tuple((one.value, OP_NAMES[one]) for one in ops),
                entry := _entry(Type.DATE if op in (Op.SINCE, Op.BEFORE) else part.type, op, choices),
                choices,
                _as_texts(each.get("value")),
                tuple(part.suggested())[:MOST_OFFERED] if entry == "words" and not open_ else (),
                tuple(part.suggested()) if open_ else (),
            )
        )
    return tuple(found)


def by_domain(traits: Mapping[str, Trait]) -> list[tuple[str, list[Trait]]]:
    """The traits under the headings of their domains."""
    found: dict[str, list[Trait]] = {}
    for each in traits.values():
        found.setdefault(str(each.domain), []).append(each)
    return list(found.items())


def events(traits: Mapping[str, Trait]) -> list[Trait]:
    """What can follow something."""
    return [each for each in traits.values() if each.type == Type.EVENT]
