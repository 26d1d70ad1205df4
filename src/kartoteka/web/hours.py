"""When we work and what we promise, and the list by which talks are scored: the owner's."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from kartoteka.activity.dealings import BadDealing
from kartoteka.activity.scoring import points, save_points
from kartoteka.agenda.clock import BadHours, hours_now, set_hours, spans_shown
from kartoteka.trust.actor import Right

from .access import SignedIn
from .reading import number
from .showing import countries_by_name


def hours(request: SignedIn) -> HttpResponse:
    """Both forms, and their answers. The promise is typed in minutes."""
    request.actor.must(Right.SET_UP)
    now = hours_now()
    typed: dict[str, Any] = {
        "week": [spans_shown(day) for day in now.week],
        "promise": str(-(-now.promise // 60)),
        "country": now.country,
        "off": "\n".join(now.off),
        "points": "\n".join(each.text for each in points()),
    }
    errors: dict[str, str] = {}
    if request.method == "POST":
        sent = request.POST
        try:
            if "points" in sent:
                save_points(texts=sent["points"].splitlines(), by=request.actor)
            else:
                typed |= {
                    "week": [sent.get(f"day{day}", "") for day in range(7)],
                    **{name: sent.get(name, "") for name in ("promise", "country", "off")},
                }
                set_hours(
                    week=typed["week"],
                    promise=60 * (number(typed["promise"]) or 0),
                    country=typed["country"],
                    off=typed["off"].splitlines(),
                    by=request.actor,
                )
        except (BadHours, BadDealing) as error:
            errors[error.field] = str(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("hours")
    context = {
        "days": [(day, str(WEEKDAYS[day]).capitalize(), typed["week"][day]) for day in range(7)],
        "typed": typed,
        "errors": errors,
        "countries": [("", _("none")), *countries_by_name()],
    }
    return render(request, "web/today/hours.html", context, status=422 if errors else 200)
