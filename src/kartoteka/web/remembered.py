"""What sessions remember of customers from one page to the next, and how it goes when they are forgotten."""

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from kartoteka.people.follow import Leaving

# The pair that was settled last, so that it can be put back; names of files, which may be called after somebody.
LAST_SETTLED = "last_settled"
NOT_TAKEN, BEGUN = "files_not_taken", "import_begun"


def forget_in_sessions(who: Leaving) -> None:
    """Take out what these people left in the sessions of who works here."""
    gone, changed = set(who.customers), []
    for session in Session.objects.all():
        data = session.get_decoded()
        settled = data.get(LAST_SETTLED) or {}
        theirs = [LAST_SETTLED] if gone & {settled.get("one"), settled.get("other")} else []
        if [key for key in (*theirs, BEGUN, NOT_TAKEN) if data.pop(key, None)]:
            session.session_data = SessionStore().encode(data)
            changed.append(session)
    Session.objects.bulk_update(changed, ["session_data"])
