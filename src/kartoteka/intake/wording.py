"""What was wrong in a cell, in words: one sentence for every problem that standardising or understanding can find."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kartoteka.people.catalogue import Text
from kartoteka.people.door import why_not

# What a cell was expected to hold, where the word alone would not tell.
_INVALID: dict[str, Text] = {
    "phones": gettext_lazy(
        "is no phone number that could be dialled. Is a digit missing, or the country code?"
    ),
    "emails": gettext_lazy("is no e-mail address. It needs a name, an @ and a domain."),
    "birth": gettext_lazy("is no date of birth, or lies in the future."),
    "registration": gettext_lazy("does not pass the check of its last digit. It is kept as typed."),
}
_PROBLEMS: dict[str, Text] = {
    "ambiguous": gettext_lazy(
        "can be read in two ways: which is the day, which the month? Write the month as a word."
    ),
    "typo": gettext_lazy("may be mistyped. It is kept as it is; look at it once."),
    "unclear": gettext_lazy("is neither yes nor no, so nothing is taken from it."),
    "no_name": gettext_lazy("is no name."),
    "empty": gettext_lazy("says nothing."),
    "too_long": gettext_lazy("is too long for this field. It is kept as typed."),
    "incomplete": gettext_lazy("lacks a part. It is kept as it is."),
    "no_number": gettext_lazy("is no number. Write digits only, such as 12.50."),
    "no_moment": gettext_lazy("is no date we can read. Write it as 2026-05-31 or 2026-05-31 14:30."),
    "unknown_state": gettext_lazy("is no state of an order that we know, so the order is taken as placed."),
    "mojibake": gettext_lazy(
        "has letters spoilt by a wrong encoding. Save the file as UTF-8 and drop it again."
    ),
}


def wrong(problem: Mapping[str, Any]) -> str:
    """What is wrong with what was typed, as the rest of a sentence that begins with it; all of it for a row of nobody.

    problem: {"field", "column", "problem", "typed", "note"}, as `understanding` gives it.
    """
    word, note = problem.get("problem", ""), str(problem.get("note") or "")
    if word == "nobody":
        return _("There is no name, company, phone or e-mail in this row, so we do not know who it is.")
    if word == "beside":
        return _("Another row of the same order cannot be read, and an order comes in whole or not at all.")
    if word == "forgotten":
        return why_not(dt.date.fromisoformat(note))
    if word == "typo" and note:
        return _("may be mistyped: was %(meant)s meant? It is kept as it is.") % {"meant": note}
    # What is noted of an e-mail is how it was read, not a sentence.
    if word == "invalid" and note and problem.get("field") != "emails":
        return (
            f"– {note}" if problem.get("typed") else note
        )  # what to do, as whoever checks the field says it
    if word == "invalid" and problem.get("field") in _INVALID:
        return str(_INVALID[problem["field"]])
    return str(_PROBLEMS.get(word, _("cannot be used.")))


def reason(problem: Mapping[str, Any]) -> str:
    """The problem of a cell as a whole sentence, with its column and what was typed."""
    if problem.get("problem") in ("nobody", "forgotten", "beside"):
        return wrong(problem)
    return _("%(column)s: “%(typed)s” %(wrong)s") % {
        "column": problem.get("column") or problem.get("field") or "",
        "typed": problem.get("typed") or "",
        "wrong": wrong(problem),
    }
