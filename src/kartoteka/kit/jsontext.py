"""JSON as it is written in the base."""

import orjson


def json(value: object) -> str:
    """JSON text for a JSON column: the same value always gives the same text."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
