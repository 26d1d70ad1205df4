"""The matching in words: the step it is at, and why two customers seem to be one or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.translation import gettext as _

from kartoteka.quality.models import MatchRun
from kartoteka.web.reasons import STEPS, Said, said

register = template.Library()


@register.filter
def step_words(run: MatchRun) -> str:
    """What the run is at."""
    if run.state == MatchRun.State.QUEUED:
        return _("Waiting to look for doubles")
    return str(STEPS.get(run.step, _("Looking for doubles")))


@register.filter
def percent_of(run: MatchRun) -> int:
    """How far it is, of a hundred."""
    return round(100 * run.share)


@register.filter
def said_reasons(reasons: Sequence[Any]) -> list[Said]:
    """Reasons in words, as [word, values] or {"reason": word, "values": values}; what is for it comes first."""
    words = [_word(each) for each in reasons]
    return sorted((each for each in words if each is not None), key=lambda each: not each.speaks_for)


def _word(reason: Any) -> Said | None:
    if isinstance(reason, Mapping):
        return said(str(reason["reason"]), reason["values"])
    word, values = reason
    return said(str(word), values)
