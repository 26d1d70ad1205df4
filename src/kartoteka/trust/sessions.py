"""What sessions hold of those who work here: looked through, rewritten, ended."""

from collections.abc import Callable
from typing import Any

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from .models import Staff


def end_sessions_of(staff: Staff) -> None:
    """Sign this person out, everywhere."""
    running = Session.objects.filter(expire_date__gt=timezone.now()).iterator()
    theirs = [each.pk for each in running if each.get_decoded().get("_auth_user_id") == str(staff.pk)]
    Session.objects.filter(pk__in=theirs).delete()


def rewrite_sessions(change: Callable[[dict[str, Any]], bool]) -> None:
    """Let `change` take out of what each session holds what must not stay; it tells whether it took something."""
    changed = []
    for session in Session.objects.all():
        data = session.get_decoded()
        if change(data):
            session.session_data = SessionStore().encode(data)
            changed.append(session)
    Session.objects.bulk_update(changed, ["session_data"])
