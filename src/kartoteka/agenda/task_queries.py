"""Reads of tasks for programs: lists of them, one of them, as plain data that the actor may be shown."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from kartoteka.kit.paging import Page, page
from kartoteka.people.models import Customer
from kartoteka.people.veil import veil_text
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.teams import colleague

from .models import Task
from .tasks import OPEN, BadTask, Plan, a_task, change_task, do_task, drop_task, plan_task


class NoSuchTask(LookupError):
    """There is no task of this number, or none that may be seen."""

    def __init__(self, key: int) -> None:
        super().__init__(_("There is no task %(number)s.") % {"number": key})


@dataclass(frozen=True)
class TaskWish:
    """What is asked of the list. owner: a colleague's e-mail, "" for anybody's. done: with those that are over."""

    owner: str = ""
    done: bool = False
    customer: Customer | None = None


def list_tasks(
    *, actor: Actor, wish: TaskWish = TaskWish(), size: int = 50, after: str = "", before: str = ""
) -> Page[Task]:
    """Tasks page by page, the soonest first. Raises BadTask for an owner whom nobody knows, BadCursor, NotAllowed."""
    actor.must(Right.SEE)
    rows = Task.objects.visible_to(actor).select_related("identity__customer", "owner")
    if wish.customer is not None:
        rows = rows.filter(identity__customer=wish.customer)
    if wish.owner:
        rows = rows.filter(owner=_owner(wish.owner))
    if not wish.done:
        rows = rows.filter(OPEN)
    return page(rows, by="due_at", size=size, after=after, before=before)


def task_of(*, actor: Actor, key: int) -> Task:
    """A task by its number. Raises NoSuchTask."""
    found = a_task(actor=actor, key=key)
    if found is None:
        raise NoSuchTask(key)
    return found


def planned(*, values: Mapping[str, Any], by: Actor, customer: Customer | None = None) -> Task:
    """Plan something. values: of `Plan`, the owner by e-mail. Raises BadTask, NotAllowed."""
    made = plan_task(plan=Plan(**_named(values)), by=by, customer=customer)
    return task_of(actor=by, key=made.pk)


def replanned(*, key: int, values: Mapping[str, Any], by: Actor) -> Task:
    """Plan a task anew in what is given, the rest as it was. Raises NoSuchTask, BadTask, NotAllowed."""
    task = task_of(actor=by, key=key)
    was = Plan(
        title=task.title, due_at=task.due_at, kind=task.kind, reason=task.reason, place=task.place,
        owner=task.owner_id, minutes=task.minutes, remind=task.remind, rule=task.rule,
    )  # fmt: skip
    change_task(task=task, plan=replace(was, **_named(values)), by=by)
    return task_of(actor=by, key=key)


def ended(*, key: int, outcome: str | None, by: Actor) -> Task | None:
    """A task is done, with this outcome, or (None) dropped; the one that follows it, where it repeats.

    Raises NoSuchTask, BadTask, NotAllowed.
    """
    task = task_of(actor=by, key=key)
    if outcome is not None:
        return do_task(task=task, by=by, outcome=outcome)
    drop_task(task=task, by=by)
    return None


def _named(values: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(values)
    if found.get("owner"):
        found["owner"] = _owner(found["owner"])
    return found


def _owner(email: str) -> int:
    found = colleague(email)
    if found is None:
        raise BadTask("owner", _("Choose a colleague who works here."))
    return found


def as_data(task: Task, actor: Actor) -> dict[str, Any]:
    """A task as `actor` is shown it."""
    names = ("kind", "due_at", "minutes", "remind", "rule", "answer", "made_at", "done_at", "dropped_at")
    free = ("title", "reason", "place", "outcome")
    shown = {name: getattr(task, name) for name in (*names, *free)}
    if actor.veiled:
        shown |= {name: veil_text(shown[name]) for name in free}
    return {
        "id": task.pk,
        "card": task.identity.customer.card if task.identity else None,
        "owner": task.owner.email if task.owner else None,
        **shown,
    }
