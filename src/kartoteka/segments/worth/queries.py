"""What pages and programs ask of worth: how the base stands, who is silent, one customer's worth, what goes with what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone

from kartoteka.activity.models import OrderLine, Product
from kartoteka.kit.paging import Page, page
from kartoteka.people.models import Customer
from kartoteka.people.veil import veiled
from kartoteka.trust.actor import Actor, Right

from .advice import ALIKE, WITH, Pull, advise
from .figures import may_see_figures
from .groups import Group, members
from .models import CustomerWorth, GoesWith, WorthRates, WorthRun
from .periods import midnight

PAGE_SIZE = 50
# What was said to be a charge since the last counting is left out at once.
_SOLD = Product.Kind.SOLD


def last_run() -> WorthRun | None:
    """The last counting that came to its end."""
    return WorthRun.objects.filter(state=WorthRun.State.DONE).order_by("-pk").first()


def waiting_run() -> WorthRun | None:
    """A counting that waits or runs."""
    busy = (WorthRun.State.QUEUED, WorthRun.State.RUNNING)
    return WorthRun.objects.filter(state__in=busy).order_by("-pk").first()


def whole_base(*, actor: Actor) -> WorthRun | None:
    """The base as a whole as it was last counted; for who may see numbers of all of it. Raises NotAllowed."""
    actor.must(Right.COUNTS)
    return last_run()


def rates(*, actor: Actor) -> WorthRates:
    """What the owner said of costs and levels. Raises NotAllowed."""
    actor.must(Right.SET_UP)
    return WorthRates.objects.first() or WorthRates(pk=1)


def silent_customers(
    *, actor: Actor, group: Group | None = None, after: str = "", before: str = "", size: int = PAGE_SIZE
) -> Page[CustomerWorth]:
    """Who (of a group) has been silent for too long by their own rhythm, with the most at stake first.

    Raises NotAllowed, NoSuchGroup, BadCursor.
    """
    actor.must(Right.SEE)
    rows = CustomerWorth.objects.filter(silent=True).select_related("customer")
    if actor.walled:
        rows = rows.filter(customer__in=Customer.objects.visible_to(actor))
    if (who := members(actor, group)) is not None:
        rows = rows.filter(customer__in=who)
    found = page(
        rows.filter(customer__merged_into=None),
        by="at_stake",
        size=size,
        descending=True,
        after=after,
        before=before,
    )
    for each in found.rows:
        each.customer = veiled(each.customer, actor)
    return found


@dataclass(frozen=True)
class Offer:
    """A product that a customer may want next. why: "due", "with" or "alike"; because: what it follows from."""

    product: Product
    why: str
    because: Product | None
    every: int | None


@dataclass(frozen=True)
class WorthOf:
    """One customer's worth as it was last counted, and what to offer them."""

    worth: CustomerWorth | None
    offers: Sequence[Offer]


def worth_of(*, actor: Actor, customer: Customer) -> WorthOf | None:
    """Of a customer whose card the actor may open; None for others."""
    if not Customer.objects.open_to(actor).filter(pk=customer.pk).exists():
        return None
    return WorthOf(CustomerWorth.objects.filter(customer=customer).first(), offers(customer))


def counted_worth(*, actor: Actor, customer: Customer) -> CustomerWorth | None:
    """A customer's worth as it was last counted; None where nothing was, or their card is not the actor's to open."""
    opened = Customer.objects.open_to(actor).filter(pk=customer.pk)
    return CustomerWorth.objects.filter(customer__in=opened).first()


def levels_of(*, actor: Actor, customers: Iterable[Customer]) -> dict[int, str]:
    """The service level of each of these whose card the actor may open and who has bought something, by key."""
    opened = Customer.objects.open_to(actor).filter(pk__in=[each.pk for each in customers])
    return dict(CustomerWorth.objects.filter(customer__in=opened).values_list("customer", "level"))


def offers(customer: Customer) -> list[Offer]:
    """What to offer, for the reasons that beat the best sellers when it was tested last; nothing where none did."""
    from .sales import day_number  # numpy and DuckDB are loaded by whoever counts with them

    run = last_run()
    reasons = run.trial.get("reasons", []) if run else []
    if not reasons:
        return []
    today = timezone.localdate()
    since = midnight(today).replace(year=today.year - 1, day=min(today.day, 28))
    lines = OrderLine.objects.filter(
        identity__customer=customer, at__gte=since, quantity__gt=0, product__kind=_SOLD, order__sale=True
    )
    bought = [
        (product, day_number(timezone.localdate(at)))
        for product, at in lines.values_list("product_id", "at")
        if product is not None
    ]
    pulls: dict[int, list[Pull]] = {}
    rows = GoesWith.objects.filter(product__in={each for each, _day in bought}, other__kind=_SOLD)
    rows = rows.order_by("-confidence", "pk")
    for each in rows:
        pulls.setdefault(each.product_id, []).append(
            Pull(each.other_id, each.confidence, each.lift, each.why)
        )
    found = advise(bought, today=day_number(today), pulls=pulls, reasons=reasons)
    named = Product.objects.in_bulk({key for each in found for key in (each.product, each.because) if key})
    return [
        Offer(
            named[each.product],
            each.why,
            named.get(each.because) if each.because else None,
            round(each.every) if each.every else None,
        )
        for each in found
    ]


def goes_with(*, actor: Actor, sku: str) -> list[GoesWith] | None:
    """What goes with a product, the surest first; None where there is no such product. Raises NotAllowed."""
    may_see_figures(actor)
    product = Product.objects.filter(sku=sku).first()
    if product is None:
        return None
    rows = product.goes_with.filter(product__kind=_SOLD, other__kind=_SOLD)
    return list(rows.select_related("product", "other").order_by("why", "-confidence", "pk"))


def pairs(
    *,
    actor: Actor,
    why: str = "",
    group: Group | None = None,
    after: str = "",
    before: str = "",
    size: int = PAGE_SIZE,
) -> Page[GoesWith] | None:
    """What goes with what, the surest first: all rules, or on one page those of a group.

    None while the worker counts a large group for the first time. Raises NotAllowed, TooFew, NoSuchGroup, BadCursor.
    """
    may_see_figures(actor)
    why = why if why in (WITH, ALIKE) else WITH
    if group is not None:
        from .shapes import baskets_of_group

        found = baskets_of_group(actor=actor, group=group, why=why)
        return None if found is None else Page(found, "", "")
    rows = GoesWith.objects.filter(why=why, product__kind=_SOLD, other__kind=_SOLD)
    rows = rows.select_related("product", "other")
    return page(rows, by="confidence", size=size, descending=True, after=after, before=before)
