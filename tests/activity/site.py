"""A small invented site: visitors, what they did, and who some of them are."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.utils import timezone

from kartoteka.activity.event_models import Visitor
from kartoteka.activity.event_said import EventSaid
from kartoteka.activity.visits import give_identity, known_visitors, meet, record_events
from kartoteka.people.editing import source_named
from kartoteka.people.models import Customer, Identity, Source

_messages = count(1)


@dataclass(frozen=True)
class Did:
    """One thing that somebody did, as it is invented; `left` is seconds told when the page was left."""

    who: str
    at: dt.datetime
    page: str = ""
    event: str = ""
    left: float | None = None
    referrer: str = ""
    campaign: tuple[str, str, str] = ("", "", "")
    device: str = "phone"
    site: str = "shop.example"
    bot: bool = False


def at(day: int, hour: float = 12.0) -> dt.datetime:
    """A moment of May 2026, by the business's clock."""
    return timezone.make_aware(dt.datetime(2026, 5, 1)) + dt.timedelta(days=day - 1, hours=hour)


def happen(done: Sequence[Did]) -> None:
    """Record these, as the tracking does."""
    for site in dict.fromkeys(each.site for each in done):
        theirs = [each for each in done if each.site == site]
        source = source_named(site)
        said = [_said(each) for each in theirs]
        known = known_visitors(source, {each.visitor for each in said})
        meet(source, {each.visitor: each.at for each in reversed(said)}, known)
        record_events(source, said, known)


def _said(done: Did) -> EventSaid:
    properties: dict[str, Any] = {}
    kind, name = ("track", done.event) if done.event else ("page", "A page")
    if done.left is not None:
        kind, name, properties = "track", "Page Left", {"path": f"{done.page}?q=1", "seconds": done.left}
    told = {
        key: value for key, value in zip(("source", "medium", "name"), done.campaign, strict=True) if value
    }
    return EventSaid(
        how="browser",
        key=done.who,
        at=done.at,
        received_at=done.at,
        kind=kind,
        name=name,
        message=next(_messages),
        url=f"https://www.{done.site}{done.page}",
        path="/elsewhere" if done.left is not None else done.page,
        referrer=done.referrer,
        campaign=told,
        properties=properties,
        device=done.device,
        bot=done.bot,
    )


def is_whose(who: str, customer: Customer, *, site: str = "shop.example") -> None:
    """This visitor is this customer."""
    visitor = Visitor.objects.get(key=who, source__name=site)
    give_identity({visitor.pk: Identity.objects.filter(customer=customer).earliest("pk").pk}, {})


def source(name: str = "shop.example") -> Source:
    return Source.objects.get(name=name)


PAGES = ("/", "/tea", "/tea/green", "/cart", "/pay", "/about")
DAYS = (1, 2, 7, 8, 14, 15, 21, 29)
EVENTS = ("Product Added", "Order Completed", "Page Shared", "Newsletter")


def invented(seed: int, *, size: int = 400) -> list[Did]:
    """So many things done by two dozen visitors on eight days of May, in the order of their time."""
    drawn = random.Random(seed)
    done = []
    for _ in range(size // 5):
        who, site = f"v{drawn.randrange(24)}", drawn.choice(("shop.example", "blog.example"))
        moment = at(drawn.choice(DAYS), drawn.uniform(0, 21))
        came = drawn.choice(
            (
                {},
                {"referrer": "https://www.search.example/q"},
                {"referrer": f"https://{site}/"},
                {"campaign": ("letter", "email", "may")},
                {"referrer": "https://news.example/", "campaign": ("", "", "spring")},
            )
        )
        device = drawn.choice(("phone", "desk", ""))
        for _ in range(drawn.randrange(1, 8)):
            where: dict[str, Any] = {"who": who, "site": site, "page": drawn.choice(PAGES), "device": device}
            what = drawn.random()
            if what < 0.25:
                where["event"] = drawn.choice(EVENTS)
            elif what < 0.4:
                where["left"] = float(drawn.randrange(1, 90))
            done.append(Did(at=moment, bot=who == "v23", **where, **came))
            came = {}
            moment += dt.timedelta(seconds=drawn.randrange(1, 900))
    return sorted(done, key=lambda each: each.at)
