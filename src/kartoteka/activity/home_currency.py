"""The business's own currency: that of the first orders of a base, or the one chosen; all orders are counted in it."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kartoteka.kit import bulk
from kartoteka.kit.checks import Finding, Level
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.audit import note

from .currencies import ask_home_again, code_of, fixed_home, home_now
from .order_models import HomeCurrency, Order, Rate
from .revaluing import ask_for_revaluing


class CannotChange(ValueError):
    """The currency cannot be changed here; the message says where it is set."""


def adopt_home(currencies: Sequence[str], *, by: Actor) -> None:
    """With the first orders of a base, count in what most of them are in; nothing where that was said, or orders are there.
    What the installation sets is kept as well: when it sets another one day, we know what the orders were counted in.

    currencies: of each new order. Called inside the transaction that records them, before they are written.
    """
    if own := fixed_home():
        if not HomeCurrency.objects.exists():
            _keep(own, said=True, by=by)
        return
    if Order.objects.exists() or Rate.objects.exists():
        return
    if HomeCurrency.objects.filter(said=True).exists():
        return
    code, _times = min(Counter(currencies).items(), key=lambda each: (-each[1], each[0]))
    _keep(code, said=False, by=by)


def _keep(code: str, *, said: bool, by: Actor) -> None:
    now = timezone.now()
    kept = {"code": code, "said": said, "at": now, **by.as_columns}
    HomeCurrency.objects.update_or_create(pk=1, defaults=kept)
    note(by=by, action="set own currency", matter="base", detail={"currency": code})
    ask_home_again()
    transaction.on_commit(ask_home_again)


def set_home(*, currency: str, by: Actor) -> str:
    """Count in another currency from now on; the worker counts every order anew. The rates go, as they told what others
    were worth in the one before. Returns its code. Raises CannotChange, UnknownCurrency, NotAllowed."""
    by.must(Right.SET_UP)
    if fixed_home():
        raise CannotChange(_("The setting KARTOTEKA_CURRENCY says what this installation counts in."))
    code = code_of(currency)
    with transaction.atomic():
        bulk.be_the_writer()
        changed = code != home_now()
        _keep(code, said=True, by=by)
        if changed:
            Rate.objects.all().delete()
            ask_for_revaluing()
    return code


def counted_in_another() -> Iterator[Finding]:
    """The installation was told another currency after orders came: those were counted in the one before."""
    own = fixed_home()
    before = HomeCurrency.objects.values_list("code", flat=True).first()
    if own and before and own != before and Order.objects.exists():
        yield Finding(
            Level.WARNING,
            _(
                "KARTOTEKA_CURRENCY says %(own)s, but the orders there are were counted in %(before)s: sums mix both."
            )
            % {"own": own, "before": before},
            _(
                "Set it back to %(before)s. Or take it out and choose the currency under Orders, Exchange rates: then "
                "every order is counted anew."
            )
            % {"before": before},
        )


def adopted_between(first: dt.datetime, last: dt.datetime) -> str:
    """The currency that was taken from the first orders in this time; "" where none was."""
    found = HomeCurrency.objects.filter(said=False, at__gte=first, at__lte=last)
    return found.values_list("code", flat=True).first() or ""


def unrated(batch: int) -> list[str]:
    """The currencies of orders of a batch that lack a rate, by the alphabet."""
    rows = Order.objects.filter(batch=batch, rate=None).order_by("currency")
    return list(rows.values_list("currency", flat=True).distinct())
