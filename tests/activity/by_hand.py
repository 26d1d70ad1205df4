"""The reports of a small site counted in plain Python, from what was invented and nothing else."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from .site import Did

Person = Callable[[Did], str]
HALF_AN_HOUR = dt.timedelta(minutes=30)


@dataclass
class Visit:
    """What one person did on one site without half an hour of silence."""

    person: str
    done: list[Did]

    @property
    def pages(self) -> list[str]:
        return [each.page for each in self.done if not each.event and each.left is None]

    @property
    def day(self) -> dt.date:
        return timezone.localdate(self.done[0].at)

    @property
    def device(self) -> str:
        return next((each.device for each in self.done if each.device), "")

    @property
    def origin(self) -> tuple[str, ...]:
        told = next((each.campaign for each in self.done if any(each.campaign)), None)
        if told:
            return "campaign", *told
        for each in self.done:
            host = each.referrer.removeprefix("https://").removeprefix("www.").split("/")[0]
            if host and host != each.site:
                return "site", host, "", ""
        return "direct", "", "", ""


def visits(done: Sequence[Did], person: Person) -> list[Visit]:
    last: dict[tuple[str, str], Visit] = {}
    found = []
    for each in done:
        if each.bot:
            continue
        key = (person(each), each.site)
        if key not in last or each.at - last[key].done[-1].at > HALF_AN_HOUR:
            last[key] = Visit(person(each), [])
            found.append(last[key])
        last[key].done.append(each)
    return found


def real(found: Sequence[Visit]) -> list[Visit]:
    return [each for each in found if any(one.left is None for one in each.done)]


def page_sums(found: Sequence[Visit]) -> dict[str, Counter[str]]:
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for each in found:
        for place, page in enumerate(each.pages):
            sums[page]["views"] += 1
            sums[page]["entries"] += place == 0
            sums[page]["exits"] += place == len(each.pages) - 1
        shared = [one.at for one in each.done if one.event == "Page Shared"]
        for page in {one.page for one in each.done}:
            seen = [one.at for one in each.done if one.page == page and not one.event and one.left is None]
            left = [one.left for one in each.done if one.page == page and one.left is not None]
            sums[page]["visits"] += bool(seen)
            sums[page]["seconds"] += round(sum(left))
            sums[page]["timed"] += (len(seen) or 1) if left else 0
            sums[page]["shares"] += sum(one.page == page for one in each.done if one.event == "Page Shared")
            sums[page]["led"] += bool(seen and shared and max(shared) >= seen[0])
    return sums


def links(found: Sequence[Visit], steps: int) -> Counter[tuple[int, str, str]]:
    counted: Counter[tuple[int, str, str]] = Counter()
    for each in found:
        way = [page for place, page in enumerate(each.pages) if place == 0 or page != each.pages[place - 1]]
        for place in range(min(steps - 1, len(way))):
            counted[place + 1, way[place], way[place + 1] if place + 1 < len(way) else ""] += 1
    return counted


def reached(
    done: Sequence[Did],
    person: Person,
    steps: Sequence[str],
    within: dt.timedelta,
    first: dt.date,
    last: dt.date,
) -> list[int]:
    """Every start is followed by itself."""
    furthest: dict[str, int] = defaultdict(int)
    theirs: Mapping[str, list[tuple[str, Any]]] = defaultdict(list)
    for each in done:
        if not each.bot and each.left is None:
            theirs[person(each)].append((each.event or each.page, each.at))
    for who, its in theirs.items():
        for what, start in its:
            if what != steps[0] or not first <= timezone.localdate(start) <= last:
                continue
            now, place = start, 1
            for one, moment in its:
                if place < len(steps) and one == steps[place] and now < moment <= start + within:
                    now, place = moment, place + 1
            furthest[who] = max(furthest[who], place)
    return [sum(place > step for place in furthest.values()) for step in range(len(steps))]


def cohorts(found: Sequence[Visit]) -> dict[dt.date, Counter[int]]:
    weeks: dict[str, set[dt.date]] = defaultdict(set)
    for each in found:
        weeks[each.person].add(each.day - dt.timedelta(days=each.day.weekday()))
    counted: dict[dt.date, Counter[int]] = defaultdict(Counter)
    for its in weeks.values():
        for week in its:
            counted[min(its)][(week - min(its)).days // 7] += 1
    return counted
