"""What sessions remember of customers from one page to the next, and how it goes when they are forgotten."""

from typing import Any

from kartoteka.people.follow import Leaving
from kartoteka.trust.sessions import rewrite_sessions

# The pair that was settled last, so that it can be put back; names of files, which may be called after somebody.
LAST_SETTLED = "last_settled"
NOT_TAKEN, BEGUN = "files_not_taken", "import_begun"


def forget_in_sessions(who: Leaving) -> None:
    """Take out what these people left in the sessions of who works here."""
    gone = set(who.customers)

    def take_out(data: dict[str, Any]) -> bool:
        settled = data.get(LAST_SETTLED) or {}
        theirs = [LAST_SETTLED] if gone & {settled.get("one"), settled.get("other")} else []
        taken = [key for key in (*theirs, BEGUN, NOT_TAKEN) if data.pop(key, None)]
        return bool(taken)

    rewrite_sessions(take_out)
