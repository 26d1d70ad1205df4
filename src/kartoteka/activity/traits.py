"""What rules can speak of in behaviour: orders, what was bought, what was done on the site, wishes, dealings."""

from collections.abc import Iterator, Mapping

from django.db.models import F, FloatField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from kartoteka.kit.fixed import PLACES
from kartoteka.kit.trait_events import COUNT, Events
from kartoteka.kit.trait_kinds import Counted, Valued
from kartoteka.kit.traits import Part, Text, Trait, Type, register

from . import lately
from .dealing_models import Dealing
from .event_models import Event, Favourite, Rating
from .fact_models import CustomerFacts
from .order_models import RATE_PLACES, Order, OrderLine, Product, State

DOMAIN = _("What they did")
_FIXED = float(10**PLACES)
# What a line came to, by the rate of its order's day; nothing where that is not known.
_HOME = Cast(F("net"), FloatField()) * Cast(F("order__rate"), FloatField()) / Value(float(10**RATE_PLACES))
_VISITOR = "visitor__identity__customer"


def register_all() -> None:
    """Make the traits of behaviour known."""
    for each in (*_of_orders(), *_of_the_site(), *_of_numbers()):
        register(each)


def _of_orders() -> Iterator[Trait]:
    times = (COUNT, _("times"))
    states = tuple((each.value, each.label) for each in State)
    kinds = tuple((each.value, each.label) for each in Product.Kind)
    yield Events(
        "order", _("Ordered"), Type.EVENT, DOMAIN,
        rows=lambda: Order.objects.filter(sale=True), added={"net": "net_home"}, scale=_FIXED,
        measures=(times, ("net", _("amount in our currency"))),
        parts=(
            Part("state", _("State"), Type.CHOICE, "state", lambda: states),
            Part("channel", _("Channel"), Type.TEXT, "channel"),
            Part("source", _("Source"), Type.TEXT, "source__name"),
            Part("coupon", _("Coupon"), Type.TEXT, "coupon"),
        ),
    )  # fmt: skip
    yield Events(
        "bought", _("Bought a product"), Type.EVENT, DOMAIN,
        rows=lambda: OrderLine.objects.filter(order__sale=True, quantity__gt=0),
        added={"quantity": "quantity", "net": _HOME}, scale=_FIXED,
        measures=(times, ("quantity", _("pieces")), ("net", _("amount in our currency"))),
        parts=(
            Part("product", _("Article number"), Type.TEXT, "product__sku"),
            Part("name", _("Name of the product"), Type.TEXT, "name"),
            Part("category", _("Category"), Type.TEXT, "product__category", suggested=lately.categories),
            Part("kind", _("Sold or a charge"), Type.CHOICE, "product__kind", lambda: kinds),
        ),
    )  # fmt: skip
    ways = tuple((each.value, each.label) for each in Dealing.Way)
    about = tuple((each.value, each.label) for each in Dealing.About if each.value)
    directions = tuple((each.value, each.label) for each in Dealing.Direction)
    yield Events(
        "dealing", _("Dealt with us"), Type.EVENT, DOMAIN, rows=Dealing.objects.all, measures=(times,),
        parts=(
            Part("way", _("Way"), Type.CHOICE, "way", lambda: ways),
            Part("direction", _("From whom"), Type.CHOICE, "direction", lambda: directions),
            Part("about", _("About"), Type.CHOICE, "about", lambda: about),
        ),
    )  # fmt: skip


def _of_the_site() -> Iterator[Trait]:
    times = (COUNT, _("times"))
    kinds = tuple((each.value, each.label) for each in Event.Kind)
    yield Events(
        "event", _("Did something on the site"), Type.EVENT, DOMAIN,
        rows=lambda: Event.objects.filter(bot=False), customer=_VISITOR, measures=(times,),
        parts=(
            Part("kind", _("Kind"), Type.CHOICE, "kind", lambda: kinds),
            Part("name", _("What it is called"), Type.TEXT, "name", suggested=lately.names),
            Part("path", _("Page"), Type.TEXT, "path", suggested=lately.pages),
            Part("category", _("Category"), Type.TEXT, "properties__category"),
            Part("product", _("Article number"), Type.TEXT, "properties__sku"),
            Part("campaign", _("Campaign"), Type.TEXT, "campaign__name"),
            Part("device", _("Device"), Type.TEXT, "device"),
            Part("property", _("Property"), Type.OPEN, "properties", suggested=lately.properties),
        ),
    )  # fmt: skip
    yield Events(
        "wish", _("Put on the wish list"), Type.EVENT, DOMAIN,
        rows=lambda: Favourite.objects.filter(gone_at=None), customer=_VISITOR, measures=(times,),
        parts=(
            Part("product", _("Article number"), Type.TEXT, "sku"),
            Part("category", _("Category"), Type.TEXT, "category"),
        ),
    )  # fmt: skip
    yield Events(
        "rated", _("Rated a product"), Type.EVENT, DOMAIN, rows=Rating.objects.all, customer=_VISITOR, measures=(times,),
        parts=(
            Part("product", _("Article number"), Type.TEXT, "sku"),
            Part("stars", _("Stars"), Type.NUMBER, "stars"),
        ),
    )  # fmt: skip


def _of_numbers() -> Iterator[Trait]:
    """What is counted of everybody all the time (facts.py); who has none has nought."""
    numbers: Mapping[str, tuple[Text, Text]] = {
        "orders": (_("Orders in all"), ""),
        "net_home": (_("Net revenue in all"), _("in our currency")),
        "cancelled": (_("Cancelled orders"), ""),
        "unpaid": (_("Unpaid orders"), ""),
        "visits": (_("Visits of the site"), ""),
        "views": (_("Pages seen"), ""),
    }
    for key, (label, unit) in numbers.items():
        yield Counted(key, label, Type.NUMBER, DOMAIN, unit=unit, rows=CustomerFacts.objects.all, of=key)
    moments: Mapping[str, Text] = {
        "first_order_at": _("First order"),
        "last_order_at": _("Last order"),
        "last_visit_at": _("Last visit of the site"),
        "last_seen_at": _("Last seen"),
    }
    for key, label in moments.items():
        yield Valued(key, label, Type.MOMENT, DOMAIN, of=f"facts__{key}")
