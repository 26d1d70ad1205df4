"""Whose a contact point is: for what comes in with nothing but a number or an address on it."""

from collections.abc import Iterable

from kartoteka.people.models import Contact, Customer


def whose(*, phones: Iterable[str] = (), emails: Iterable[str] = ()) -> Customer | None:
    """The one customer who has any of these (E.164; addresses in small letters); None where nobody has, or several have."""
    found: set[int] = set()
    for kind, values in (("phone", list(phones)), ("email", list(emails))):
        if values:
            rows = Contact.objects.filter(
                point__kind=kind, point__value__in=values, customer__merged_into=None
            )
            found |= set(rows.values_list("customer", flat=True)[:3])
    return Customer.objects.get(pk=found.pop()) if len(found) == 1 else None
