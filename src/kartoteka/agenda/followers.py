"""How tasks and callbacks follow identities."""

from collections.abc import Mapping
from typing import Any

from kartoteka.people.follow import Follower, follow

from .models import Callback, Task

_GOES_ALONG = "hangs on an identity and goes where it goes"


def register() -> None:
    """Answer for every model of this domain."""
    follow("identity", Follower(Task, "identity_id", _GOES_ALONG, told=_tasks))
    follow("identity", Follower(Callback, "identity_id", _GOES_ALONG, told=_callbacks))


def _tasks(customer: int) -> list[Mapping[str, Any]]:
    rows = Task.objects.filter(identity__customer=customer)
    return list(rows.values("kind", "title", "reason", "due_at", "done_at", "outcome", "by_name"))


def _callbacks(customer: int) -> list[Mapping[str, Any]]:
    rows = Callback.objects.filter(identity__customer=customer)
    return list(rows.values("number", "reason", "asked_at", "due_at", "called_at", "outcome", "by_name"))
