"""What a file of customers can hold of their worth."""

from collections.abc import Collection, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kartoteka.people.models import Customer
from kartoteka.trust.actor import Actor

from .groups import CELL_NAMES
from .models import CustomerWorth

COLUMNS: Mapping[str, str | Promise] = {
    "worth.at_stake": _("At stake"),
    "worth.last_on": _("Last purchase"),
    "worth.rhythm": _("Days between purchases"),
    "worth.purchases": _("Purchases"),
    "worth.revenue": _("Revenue"),
    "worth.level": _("Service level"),
    "worth.cell": _("Cell"),
    "worth.alive": _("Still a customer"),
}
# What the list of the silent shows.
SILENT = ("card", "name", "phone", "email", *(each for each in COLUMNS if each != "worth.cell"))


def cells(actor: Actor, customers: Collection[int]) -> dict[int, dict[str, str]]:
    """By customer who has bought something and whose card the actor may open, each column as a spreadsheet reads it."""
    opened = Customer.objects.open_to(actor).filter(pk__in=customers)
    return {each.customer_id: _cells(each) for each in CustomerWorth.objects.filter(customer__in=opened)}


def _cells(each: CustomerWorth) -> dict[str, str]:
    return {
        "worth.at_stake": f"{each.at_stake:.2f}",
        "worth.last_on": each.last_on.isoformat(),
        "worth.rhythm": "" if each.rhythm_days is None else str(each.rhythm_days),
        "worth.purchases": str(each.purchases),
        "worth.revenue": f"{each.revenue:.2f}",
        "worth.level": each.level,
        "worth.cell": str(CELL_NAMES[each.cell]),
        "worth.alive": "" if each.alive is None else f"{each.alive:.2f}",
    }
