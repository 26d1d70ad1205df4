"""Counting all orders anew, when the business counts in another currency from now on.

Done by the worker, the orders of some identities at a time: each part is one transaction that also moves the place in the
row of the revaluing, so a killed worker's is gone on with, and what is kept of an identity is of one currency at any time.
Sums over several are not, until the end: who tells them says so (`revaluing`).
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from kartoteka.kit import bulk

from .currencies import Rates, stored_rate, worth
from .facts import count_orders
from .order_models import Order, Revaluing

CHUNK = 5000
# One whose heartbeat is older than this was left by a worker that died.
LEFT_AFTER = timedelta(seconds=60)


def ask_for_revaluing() -> None:
    """Put one in line for the worker, in the place of one that is under way. Inside a transaction of the writer's."""
    now = timezone.now()
    Revaluing.objects.filter(ended_at=None).update(ended_at=now)
    if orders := Order.objects.count():
        Revaluing.objects.create(asked_at=now, orders=orders)


def revaluing() -> Revaluing | None:
    """The one that waits or is under way: until it ends, sums are partly in the currency of before."""
    return Revaluing.objects.filter(ended_at=None).order_by("-pk").first()


def revalued_since(moment: datetime) -> bool:
    """Whether one came to its end since then: what was counted before is in another currency."""
    return Revaluing.objects.filter(ended_at__gte=moment).exists()


def run_due_revaluing() -> bool:
    """Do one that waits or was left; whether there was one."""
    waits = Q(heartbeat=None) | Q(heartbeat__lt=timezone.now() - LEFT_AFTER)
    due = Revaluing.objects.filter(waits, ended_at=None).order_by("-pk").first()
    if due is None:
        return False
    while _one_chunk(due):
        pass
    return True


def _one_chunk(run: Revaluing) -> bool:
    """Count the next orders anew; whether there may be more. A run that another has taken over is let go."""
    with transaction.atomic():
        bulk.be_the_writer()
        ours = Revaluing.objects.filter(
            pk=run.pk, ended_at=None, reached=run.reached, reached_nobodys=run.reached_nobodys
        )
        if not ours.exists():
            return False
        more = _nobodys(run) or _somebodys(run)
        now = timezone.now()
        ours.update(
            heartbeat=now,
            reached=run.reached,
            reached_nobodys=run.reached_nobodys,
            done=run.done,
            ended_at=None if more else now,
        )
        return more


def _nobodys(run: Revaluing) -> bool:
    """The next orders of nobody, who has no numbers; whether there were any."""
    some = Order.objects.filter(identity=None, pk__gt=run.reached_nobodys).order_by("pk")
    keys = list(some.values_list("pk", flat=True)[:CHUNK])
    if not keys:
        return False
    run.done += _revalue(Q(identity=None, pk__gt=run.reached_nobodys, pk__lte=keys[-1]))
    run.reached_nobodys = keys[-1]
    return True


def _somebodys(run: Revaluing) -> bool:
    """The orders of the next identities, with their numbers; whether there were any."""
    some = Order.objects.filter(identity__gt=run.reached).order_by("identity_id")
    # As many identities as have about CHUNK orders, and the last of them whole.
    last = some.values("identity_id")[:CHUNK].aggregate(last=Max("identity_id"))["last"]
    if last is None:
        return False
    theirs = Q(identity__gt=run.reached, identity__lte=last)
    run.done += _revalue(theirs)
    count_orders(
        list(Order.objects.filter(theirs).order_by().values_list("identity_id", flat=True).distinct())
    )
    run.reached = last
    return True


def _revalue(which: Q) -> int:
    """Give these orders what they are worth in the business's currency now; how many there are."""
    found = list(
        Order.objects.filter(which).order_by("pk").values_list("pk", "currency", "at", "net", "cost")
    )
    rates = Rates({row[1] for row in found})
    told = ((rates.on(currency, at), net, cost, key) for key, currency, at, net, cost in found)
    rows = [(stored_rate(rate), worth(net, rate), worth(cost, rate), key) for rate, net, cost, key in told]
    bulk.update(Order, ("rate", "net_home", "cost_home"), rows)
    return len(found)
