"""A caller whom nobody knows gets a card in three fields; what they rang about is written down in the same step."""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from kartoteka.activity.dealings import Said, record_dealing
from kartoteka.agenda.callbacks import CannotCallBack, promise_callback
from kartoteka.agenda.models import Callback
from kartoteka.intake.whose import whose
from kartoteka.people.editing import create_customer
from kartoteka.people.models import Customer
from kartoteka.standard import phones
from kartoteka.trust.actor import Actor, Right


def open_account(*, name: str, phone: str, heard_from: str, said: Said | None, by: Actor) -> Customer:
    """A new customer by telephone, and the call if something is said of it. All or nothing.

    Raises BadValue for a name or number that is none, BadDealing, NotAllowed.
    """
    with transaction.atomic():
        values = {"name": name, "phones": phone, "heard_from": heard_from}
        customer = create_customer(
            values={key: value.strip() for key, value in values.items() if value.strip()},
            by=by,
            ground="contract",
        )
        if said is not None:
            record_dealing(customer=customer, said=said, by=by)
    return customer


def ask_callback(*, phone: str, name: str, reason: str, key: str, by: Actor) -> tuple[Customer, Callback]:
    """A number asks to be called back: the clock starts, on the card of whoever has it, or on a new one.

    Raises CannotCallBack, BadValue, NotAllowed.
    """
    found = [
        each.value.value
        for each in phones.standardise(phone, country=settings.KARTOTEKA.country)
        if each.value
    ]
    if len(found) != 1:
        raise CannotCallBack(_("Write one whole phone number, with its country's code."))
    by.must(Right.CHANGE)
    with transaction.atomic():
        customer = whose(phones=found)
        if customer is None:
            values = {"name": name, "phones": found[0]} if name.strip() else {"phones": found[0]}
            customer = create_customer(values=values, by=by, ground="contract")
        return customer, promise_callback(customer=customer, number=found[0], by=by, reason=reason, key=key)
