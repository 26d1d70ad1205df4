"""What a rule means, said once more in plain Python over rows read one by one; shares nothing with the compiling."""

from __future__ import annotations

import datetime as dt
from typing import Any

from kartoteka.people.models import Claim, Customer

DAY = dt.timedelta(days=1)


def facts(customer: Customer) -> dict[str, Any]:
    """All that the rules of the test can ask of a customer."""
    claims = Claim.objects.filter(identity__customer=customer).select_related("batch__source")
    names = ("sex", "city", "country", "birth", "kind", "language")
    return {
        **{name: getattr(customer, name) for name in names},
        "made": customer.made_at,
        "heard": customer.heard_at,
        "completeness": customer.completeness,
        "due_on": customer.due_on,
        "has_phone": bool(customer.phone),
        "more": customer.more,
        "claims": [(each.at, each.batch.source.name, each.standing) for each in claims],
    }


def fits(rule: dict[str, Any], of: dict[str, Any], at: dt.datetime) -> bool:
    if "all" in rule:
        return all(fits(each, of, at) for each in rule["all"])
    if "any" in rule:
        return any(fits(each, of, at) for each in rule["any"])
    if "not" in rule:
        return not fits(rule["not"], of, at)
    trait = rule["trait"]
    if trait in ("sex", "city", "country", "kind", "language"):
        return _text(rule, of[trait])
    if trait in ("made", "heard"):
        return _moment(rule, of[trait], at)
    if trait == "completeness":
        return _number(rule, of[trait])
    if trait == "has_phone":
        return of["has_phone"] == (rule["op"] == "yes")
    if trait == "stale":
        late = of["due_on"] is not None and of["due_on"] < at.astimezone(dt.UTC).date()
        return bool(late) == (rule["op"] == "yes")
    if trait == "age":
        return _age(rule, of["birth"], at.date())
    if trait == "birth":
        return _birthday(rule, of["birth"], at.date())
    if trait == "told":
        return _told(rule, of["claims"], at)
    value = of["more"].get(trait)
    if trait in ("tags", "x.colours"):
        return _several(rule, value or [])
    if trait == "x.vip":
        return (value is True) == (rule["op"] == "yes")
    if trait == "x.until":
        return _day(rule, value, at.date())
    if trait == "x.spent":
        if rule["op"] in ("known", "unknown"):
            return (value is not None) == (rule["op"] == "known")
        return bool(value) and value["currency"] == rule["currency"] and _number(rule, float(value["amount"]))
    if rule["op"] in ("known", "unknown"):
        return (value is not None) == (rule["op"] == "known")
    return value is not None and _number(rule, value)


def _text(rule: dict[str, Any], value: str) -> bool:
    return {
        "any_of": lambda: value in rule["value"],
        "none_of": lambda: value not in rule["value"],
        "known": lambda: value != "",
        "unknown": lambda: value == "",
        "contains": lambda: rule["value"].lower() in value.lower(),
        "starts": lambda: value.lower().startswith(rule["value"].lower()),
    }[rule["op"]]()


def _number(rule: dict[str, Any], value: float) -> bool:
    wanted = rule.get("value")
    return {
        "equal": lambda: value == wanted,
        "at_least": lambda: value >= wanted,
        "at_most": lambda: value <= wanted,
        "more": lambda: value > wanted,
        "less": lambda: value < wanted,
        "between": lambda: wanted[0] <= value <= wanted[1],
        "known": lambda: True,
        "unknown": lambda: False,
    }[rule["op"]]()


def _moment(rule: dict[str, Any], value: dt.datetime, at: dt.datetime) -> bool:
    if rule["op"] == "last":
        return value >= at - rule["value"] * DAY
    return value < at - rule["value"] * DAY


def _day(rule: dict[str, Any], value: str | None, today: dt.date) -> bool:
    if rule["op"] in ("known", "unknown"):
        return (value is not None) == (rule["op"] == "known")
    if value is None:
        return False
    days = (dt.date.fromisoformat(value) - today).days
    return {
        "last": lambda: -rule["value"] <= days <= 0,
        "not_last": lambda: days < -rule["value"],
        "next": lambda: 0 <= days <= rule["value"],
    }[rule["op"]]()


def _several(rule: dict[str, Any], values: list[str]) -> bool:
    wanted = set(rule.get("value") or ())
    return {
        "any_of": lambda: bool(wanted & set(values)),
        "all_of": lambda: wanted <= set(values),
        "none_of": lambda: not wanted & set(values),
        "known": lambda: bool(values),
        "unknown": lambda: not values,
    }[rule["op"]]()


def _kept_on(month: int, day: int, year: int) -> dt.date:
    """The birthday in a year; 29 February on the 28th where there is none."""
    try:
        return dt.date(year, month, day)
    except ValueError:
        return dt.date(year, 2, 28)


def _age(rule: dict[str, Any], birth: str, today: dt.date) -> bool:
    if rule["op"] in ("known", "unknown"):
        return (birth[:1].isdigit()) == (rule["op"] == "known")
    if not birth[:1].isdigit():
        return False
    parts = [int(each) for each in birth.split("-")]
    if len(parts) < 3:
        # The last day on which they can be born; 31 stands for the end of any month.
        month = parts[1] if len(parts) == 2 else 12
        had = (today.month, today.day) >= (month, 31)
    else:
        had = today >= _kept_on(parts[1], parts[2], today.year)
    return _number(rule, today.year - parts[0] - (0 if had else 1))


def _birthday(rule: dict[str, Any], birth: str, today: dt.date) -> bool:
    whole = len(birth) == 10 or birth.startswith("--")
    if rule["op"] in ("known", "unknown"):
        return whole == (rule["op"] == "known")
    if not whole:
        return False
    month, day = int(birth[-5:-3]), int(birth[-2:])
    if rule["op"] == "month":
        return str(month) in rule["value"]
    coming = [_kept_on(month, day, year) for year in (today.year, today.year + 1)]
    return any(0 <= (each - today).days <= rule["value"] for each in coming)


def _narrowed(claims: list[Any], where: list[dict[str, Any]]) -> list[dt.datetime]:
    place = {"source": 1, "standing": 2}
    return sorted(
        each[0]
        for each in claims
        if all((each[place[one["part"]]] in one["value"]) == (one["op"] == "any_of") for one in where)
    )


def _told(rule: dict[str, Any], claims: list[Any], at: dt.datetime) -> bool:
    times = [each for each in _narrowed(claims, rule.get("where", [])) if each <= at]
    if rule["op"] == "silent":
        if len(times) < 3 or times[0] == times[-1]:
            return False
        usual = (times[-1] - times[0]) / (len(times) - 1)
        return at - times[-1] > usual * rule["value"]
    if rule.get("days"):
        times = [each for each in times if each >= at - rule["days"] * DAY]
    if rule["op"] in ("followed", "not_followed"):
        others = [each for each in _narrowed(claims, rule["by"]["where"]) if each <= at]
        within = rule["within"] * DAY
        followed = [any(one < each <= one + within for each in others) for one in times]
        if rule["op"] == "followed":
            return any(followed)
        return any(not had and one < at - within for one, had in zip(times, followed, strict=True))
    return _number(rule, len(times))
