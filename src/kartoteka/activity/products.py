"""Products: their list, and the owner saying which are sold and which are charges."""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from kartoteka.kit.paging import Page, page
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note

from .order_models import Order, OrderLine, Product

PAGE_SIZE = 50
Kind = Product.Kind


class NoSuchProduct(LookupError):
    """There is no product of this key."""


class BadKind(ValueError):
    """What was said is no kind of product; the message says what may be."""


def list_products(
    *, actor: Actor, words: str = "", kind: str = "", size: int = PAGE_SIZE, after: str = "", before: str = ""
) -> Page[Product]:
    """Products by name, those without one first. words: part of the name, or the article number; kind: only these.

    Raises NotAllowed, BadCursor.
    """
    actor.must(Right.SET_UP)
    rows = _seen(actor)
    if kind in Kind.values:
        rows = rows.filter(kind=kind)
    if words := words.replace("\x00", "").strip()[:100]:
        rows = rows.filter(Q(name__icontains=words) | Q(sku__iexact=words))
    return page(rows, by="name", size=size, after=after, before=before)


def _seen(actor: Actor) -> QuerySet[Product]:
    """What others' customers alone bought is not told to who sees a part of the base."""
    if not actor.walled:
        return Product.objects.all()
    theirs = OrderLine.objects.filter(product=OuterRef("pk"), order__in=Order.objects.visible_to(actor))
    return Product.objects.filter(Exists(theirs))


def set_kind(*, product: int, kind: str, by: Actor) -> Product:
    """Say what a product is; no telling changes it from then on. Orders and totals stay as they are.

    Raises NoSuchProduct, BadKind, NotAllowed.
    """
    by.must(Right.SET_UP)
    if kind not in Kind.values:
        raise BadKind(_("Say whether it is sold, or a charge."))
    with transaction.atomic():
        found = _seen(by).filter(pk=product).first()
        if found is None:
            raise NoSuchProduct(_("This product is not here any more."))
        found.kind, found.kind_said = Kind(kind), True
        found.save(update_fields=["kind", "kind_said"])
        note(by=by, action="set kind of product", matter="product", key=found.pk, detail={"kind": kind})
    return found
