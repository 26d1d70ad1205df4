"""The JSON schema of rules: as it is published, and with the traits there are now."""

from collections.abc import Sequence
from typing import Any

from kartoteka.kit.traits import OPS, Op, Trait

from .rule import DEEPEST, LONGEST, MOST_CONDITIONS, MOST_DAYS, MOST_NARROWED, MOST_VALUES


def rule_schema(traits: Sequence[Trait] = ()) -> dict[str, Any]:
    """The schema (2020-12). traits: what can be asked now, told as examples; a base's own fields differ."""
    narrow = {
        "type": "object",
        "required": ["part", "op"],
        "properties": {
            "part": {"type": "string"},
            "key": {
                "type": "string",
                "maxLength": LONGEST,
                "description": "Which property, of a part that is open. Numbers are compared with numbers only.",
            },
            "op": {"enum": [each.value for each in Op]},
            "value": _VALUE,
        },
        "additionalProperties": False,
    }
    where = {"type": "array", "items": narrow, "maxItems": MOST_NARROWED}
    days = {"type": "integer", "minimum": 0, "maximum": MOST_DAYS}
    condition = {
        "type": "object",
        "required": ["trait", "op"],
        "properties": {
            "trait": {"type": "string", "examples": [each.key for each in traits] or ["city"]},
            "op": {"enum": [each.value for each in Op]},
            "value": _VALUE,
            "currency": {"type": "string", "pattern": "^[A-Za-z]{3}$"},
            "measure": {"type": "string", "description": "Of what happened: count, or what is added up."},
            "days": {**days, "description": "Of what happened: only in the last so many days; 0 for ever."},
            "where": where,
            "by": {
                "type": "object",
                "description": "What follows, for followed and not_followed.",
                "properties": {"trait": {"type": "string"}, "where": where},
                "required": ["trait"],
            },
            "within": {**days, "description": "Within how many days it follows."},
            "called": {"type": "string", "description": "What the trait was called; written by us."},
        },
        "additionalProperties": False,
    }
    nodes = {"type": "array", "items": {"$ref": "#/$defs/node"}, "maxItems": MOST_CONDITIONS}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Rule of a group",
        "description": f"At most {DEEPEST} deep, {MOST_CONDITIONS} conditions. Comparisons by type: "
        + "; ".join(f"{type.value}: {', '.join(op.value for op in ops)}" for type, ops in OPS.items())
        + ". Days are ISO dates of the business's time zone; windows are counted in days of 24 hours for moments.",
        "$ref": "#/$defs/node",
        "$defs": {
            "node": {
                "oneOf": [
                    {
                        "type": "object",
                        "required": ["all"],
                        "properties": {"all": nodes},
                        "additionalProperties": False,
                    },
                    {
                        "type": "object",
                        "required": ["any"],
                        "properties": {"any": nodes},
                        "additionalProperties": False,
                    },
                    {
                        "type": "object",
                        "required": ["not"],
                        "properties": {"not": {"$ref": "#/$defs/node"}},
                        "additionalProperties": False,
                    },
                    {"$ref": "#/$defs/condition"},
                ]
            },
            "condition": condition,
        },
    }


_SINGLE = [{"type": "string", "maxLength": LONGEST}, {"type": "number"}]
_VALUE: dict[str, Any] = {
    "description": "What is compared with: a list for any_of, all_of, none_of, month; two for between; a number of days "
    "for last, not_last, next; nothing for known, unknown, yes, no.",
    "anyOf": [
        *_SINGLE,
        {"type": "array", "items": {"anyOf": _SINGLE}, "minItems": 1, "maxItems": MOST_VALUES},
    ],
}
