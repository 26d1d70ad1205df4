"""What serving takes, as dealings tell it: minutes of calls, minutes of visits, messages that we wrote."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial

from django.db.models import Count, Q, Sum

from kartoteka.activity.dealing_models import Dealing

from .models import WorthRates
from .serving import Effort, register

_WAY = Dealing.Way
CALLS = (_WAY.CALL,)
VISITS = (_WAY.VISIT, _WAY.MEETING)
MESSAGES = (_WAY.LETTER, _WAY.CHAT, _WAY.MAIL)


def register_all() -> None:
    """Make the efforts of dealings known."""
    register(Effort("calls", "minute_of_call", partial(_minutes, CALLS, "usual_call")))
    register(Effort("visits", "minute_of_visit", partial(_minutes, VISITS, "usual_visit")))
    register(Effort("messages", "message", _messages))


def _minutes(ways: tuple[str, ...], usual: str, since: dt.datetime, rates: WorthRates) -> Mapping[int, float]:
    """Minutes with each customer; one of which nobody noted how long it was counts as long as the owner says they are."""
    found = (
        Dealing.objects.filter(identity__isnull=False, at__gte=since, way__in=ways)
        .order_by()
        .values("identity__customer")
        .annotate(noted=Sum("seconds"), unknown=Count("pk", filter=Q(seconds=0)))
    )
    each: int = getattr(rates, usual)
    return {row["identity__customer"]: row["noted"] / 60 + row["unknown"] * each for row in found}


def _messages(since: dt.datetime, _rates: WorthRates) -> Mapping[int, float]:
    """Letters, chats and mails that we wrote to each; reading theirs costs nothing here."""
    found = (
        Dealing.objects.filter(identity__isnull=False, at__gte=since, way__in=MESSAGES, direction="out")
        .order_by()
        .values("identity__customer")
        .annotate(sent=Count("pk"))
    )
    return {row["identity__customer"]: float(row["sent"]) for row in found}
