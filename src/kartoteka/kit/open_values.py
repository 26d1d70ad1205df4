"""Values of any kind in a JSON column, as programs send them along: compared by what the comparison asks for.

Text is compared with text and numbers (written out), numbers with numbers only, days with texts that begin with an ISO day,
yes and no with true and false. Of a list, one entry that fits is enough. The same on SQLite and PostgreSQL.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import BooleanField, F, Func, Q

from .trait_kinds import negated
from .traits import Op

_COMPARED = {
    Op.EQUAL: "=", Op.AT_LEAST: ">=", Op.AT_MOST: "<=", Op.MORE: ">", Op.LESS: "<", Op.SINCE: ">=", Op.BEFORE: "<",
}  # fmt: skip
_DAYS = (Op.SINCE, Op.BEFORE)
_DAY_LIKE = "____-__-__%%"


def has(column: str, key: str, op: Op, value: Any) -> Q:
    """The rows whose JSON `column` has, under `key`, what passes the comparison."""
    if op == Op.NONE_OF:
        return negated(Q(OpenValue(column, key, Op.ANY_OF, value)))
    if op == Op.UNKNOWN:
        return negated(Q(OpenValue(column, key, Op.KNOWN, None)))
    return Q(OpenValue(column, key, op, value))


class OpenValue(Func):
    """Whether an entry under a key of a JSON column passes a comparison."""

    output_field = BooleanField()

    def __init__(self, column: str, key: str, op: Op, value: Any) -> None:
        super().__init__(F(column))
        self.key, self.op, self.value = key, op, value

    def as_sqlite(self, compiler: Any, connection: Any, **_more: Any) -> tuple[str, tuple[Any, ...]]:  # noqa: ARG002
        """By json_each, which gives a single value as it gives the entries of a list."""
        column, params = compiler.compile(self.source_expressions[0])
        path = '$."' + self.key.replace('"', "") + '"'
        test, more = _sqlite_test(self.op, self.value)
        sql = (
            f"(COALESCE(json_type({column}, %s), 'null') NOT IN ('null', 'object') AND "  # noqa: S608 (marks only)
            f"EXISTS(SELECT 1 FROM json_each({column}, %s) AS one WHERE {test}))"
        )
        return sql, (*params, path, *params, path, *more)

    def as_postgresql(self, compiler: Any, connection: Any, **_more: Any) -> tuple[str, tuple[Any, ...]]:  # noqa: ARG002
        """By jsonb_array_elements, of a list with the single value where there is no list."""
        column, params = compiler.compile(self.source_expressions[0])
        key = self.key.replace('"', "")
        some = (
            f"CASE jsonb_typeof({column} -> %s) WHEN 'array' THEN {column} -> %s "
            f"WHEN 'object' THEN '[]'::jsonb ELSE jsonb_build_array({column} -> %s) END"
        )
        test, more = _postgres_test(self.op, self.value)
        sql = f"EXISTS(SELECT 1 FROM jsonb_array_elements({some}) AS one(value) WHERE {test})"  # noqa: S608
        return sql, (*params, key, *params, key, *params, key, *more)


def _sqlite_test(op: Op, value: Any) -> tuple[str, Sequence[Any]]:
    if op == Op.KNOWN:
        return "one.type <> 'null'", ()
    if op in (Op.YES, Op.NO):
        return "one.type = %s", ("true" if op == Op.YES else "false",)
    if op in _DAYS:
        asked = f"substr(one.value, 1, 10) {_COMPARED[op]} %s"
        return f"one.type = 'text' AND one.value LIKE '{_DAY_LIKE}' AND {asked}", (value.isoformat(),)
    if op in _COMPARED:
        return f"one.type IN ('integer', 'real') AND one.value {_COMPARED[op]} %s", (float(value),)
    text = "CAST(one.value AS TEXT)"
    if op == Op.ANY_OF:
        asked, more = f"{text} IN ({', '.join(['%s'] * len(value))})", list(value)
    else:
        # SQLite knows the capitals of ASCII only, so the text is tried in each way of writing it.
        more = list(dict.fromkeys((value, value.lower(), value.upper(), value.title())))
        where = "> 0" if op == Op.CONTAINS else "= 1"
        asked = "(" + " OR ".join([f"instr({text}, %s) {where}"] * len(more)) + ")"
    return f"one.type IN ('text', 'integer', 'real') AND {asked}", more


def _postgres_test(op: Op, value: Any) -> tuple[str, Sequence[Any]]:
    kind, text = "jsonb_typeof(one.value)", "(one.value #>> '{}')"
    if op == Op.KNOWN:
        return f"{kind} <> 'null'", ()
    if op in (Op.YES, Op.NO):
        return "one.value = %s::jsonb", ("true" if op == Op.YES else "false",)
    if op in _DAYS:
        asked = f'substr({text}, 1, 10) COLLATE "C" {_COMPARED[op]} %s'
        return f"{kind} = 'string' AND {text} LIKE '{_DAY_LIKE}' AND {asked}", (value.isoformat(),)
    if op in _COMPARED:
        # In a CASE, as the parts of an AND are worked out in no certain order.
        asked = f"{text}::double precision {_COMPARED[op]} %s"
        return f"CASE WHEN {kind} = 'number' THEN {asked} ELSE FALSE END", (float(value),)
    if op == Op.ANY_OF:
        asked, more = f"{text} = ANY(%s::text[])", [list(value)]
    else:
        where = "> 0" if op == Op.CONTAINS else "= 1"
        asked, more = f"position(lower(%s) IN lower({text})) {where}", [value]
    return f"{kind} IN ('string', 'number') AND {asked}", more
