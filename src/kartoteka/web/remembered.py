"""What sessions remember of customers from one page to the next, and how it goes when they are forgotten."""

from typing import Any

from kartoteka.people.follow import Leaving
from kartoteka.trust.sessions import rewrite_sessions

# The pairs that were settled lately, so that they can be put back; names of files, which may be called after somebody.
SETTLED_LATELY = "settled_lately"
NOT_TAKEN, BEGUN = "files_not_taken", "import_begun"


def forget_in_sessions(who: Leaving) -> None:
    """Take out what these people left in the sessions of who works here."""
    gone = set(who.customers)

    def take_out(data: dict[str, Any]) -> bool:
        settled = data.pop(SETTLED_LATELY, None) or []
        if kept := [each for each in settled if not gone & {each["one"], each["other"]}]:
            data[SETTLED_LATELY] = kept
        taken = [key for key in (BEGUN, NOT_TAKEN) if data.pop(key, None)]
        return bool(taken) or len(kept) < len(settled)

    rewrite_sessions(take_out)
