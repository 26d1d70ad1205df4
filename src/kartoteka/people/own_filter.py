"""Filtering by what an own field holds: in the row where it stands in plain, opened or veiled where it must not tell more.

Who sees contact points veiled must not read a number out of a note digit by digit, by what is found and what is not. So of
texts in which there may be one, they find by what they are shown. A sensitive field stands in no row; it is opened.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from kartoteka.kit import bulk
from kartoteka.trust.actor import Actor

from .catalogue import Field
from .checking import BadValue
from .models import Customer
from .presence import PRESENT
from .reading import sensitive_values
from .veil import veil_value

# So many customers are opened, or looked at one by one, for one filter.
MOST = 20_000
# Anything the veil could take for an e-mail or a number, and more: read by both databases.
_TELLING = r"@|[0-9]([^0-9]{0,3}[0-9]){6}"


def with_own(rows: QuerySet[Customer], own: Field, value: str, *, actor: Actor) -> QuerySet[Customer]:
    """Those of these customers whose own field holds this text, as far as `actor` is shown it.

    Raises BadValue where too many would have to be looked at one by one.
    """
    if own.sensitive:
        return rows.filter(pk__in=_opened(rows, own, value, actor))
    at = f"more__{own.key}"
    found = rows.filter(**{f"{at}__icontains": value})
    if not actor.veiled:
        return found
    telling = Q(**{f"{at}__iregex": _TELLING})
    some = list(found.filter(telling).values_list("pk", at)[: MOST + 1])
    _not_too_many(some, own)
    shown = [key for key, held in some if _holds(veil_value(own, held), value)]
    return found.filter(~telling | Q(pk__in=shown))


def _opened(rows: QuerySet[Customer], own: Field, value: str, actor: Actor) -> list[int]:
    marked = rows.filter(more__has_key=own.key).order_by()
    # What was said before the field was sensitive stands in the rows until the worker has sealed it.
    some = list(marked.values_list("pk", f"more__{own.key}")[: MOST + 1])
    _not_too_many(some, own)
    values = {key: held for key, held in some if held != PRESENT}
    sealed = [key for key, held in some if held == PRESENT]
    values |= {key: each.get(own.key) for key, each in sensitive_values(sealed, [own.key]).items()}
    return [
        key for key, held in values.items() if _holds(veil_value(own, held) if actor.veiled else held, value)
    ]


def _not_too_many(some: list[Any], own: Field) -> None:
    if len(some) > MOST:
        raise BadValue(
            "own",
            _("%(field)s is known of too many customers to look through them all. Narrow the list first.")
            % {"field": own.label},
        )


def _holds(held: Any, value: str) -> bool:
    text = held if isinstance(held, str) else bulk.json(held)
    return value.casefold() in text.casefold()
