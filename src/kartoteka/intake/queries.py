"""Reads of this domain: imports, and what was wrong in their rows."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kartoteka.activity.home_currency import adopted_between, unrated
from kartoteka.kit.paging import Page, page
from kartoteka.people.catalogue import Field
from kartoteka.people.checking import fields
from kartoteka.people.models import Source
from kartoteka.quality.models import MatchRun
from kartoteka.trust.actor import Actor, Right
from kartoteka.trust.personal_keys import is_sealed

from .clearing import kept_until
from .models import Import, RowProblem, Undoing
from .receiving import same_file_before
from .row_secrets import open_rows

PROBLEMS_SHOWN = 50


@dataclass(frozen=True)
class Report:
    """One import as a page tells it.

    problems: the rows in which something was wrong, a page of them. undoing: who took it out again, if somebody did.
    kept_until: the day on which the file of an undone import and its refused rows are removed, if they are still there.
    matching: the run of the matching that waits or works since, if the import is in the base or out of it again.
    before_it: an import of the very same file. waiting: how many other files wait to be mapped.
    counted_in: the currency that the business counts in since, as these were its first orders; unrated: those of its orders
    that lack a rate.
    """

    file_import: Import
    problems: Page[RowProblem]
    undoing: Undoing | None
    kept_until: dt.date | None
    matching: MatchRun | None
    before_it: Import | None
    waiting: int
    counted_in: str
    unrated: list[str]


@dataclass(frozen=True)
class MappingForm:
    """What the mapping of a file can choose from: names of known sources, own fields beside the built-in ones."""

    sources: tuple[str, ...]
    own_fields: tuple[Field, ...]


class NoSuchImport(LookupError):
    """There is no import of this number."""

    def __init__(self, key: int) -> None:
        super().__init__(_("There is no import %(number)s.") % {"number": key})


def list_imports(
    *, actor: Actor, state: str = "", size: int = 50, after: str = "", before: str = ""
) -> Page[Import]:
    """Imports, the newest first; in this state only, if one is given. Raises BadCursor, NotAllowed."""
    actor.must(Right.IMPORT)
    rows = _seen_by(actor)
    if state:
        rows = rows.filter(state=state)
    return page(rows, by="id", descending=True, size=size, after=after, before=before)


def _seen_by(actor: Actor) -> QuerySet[Import]:
    """All imports; for who does not see everybody, or not their contact points, those they dropped themselves."""
    rows = Import.objects.select_related("source")
    return rows.filter(by_kind=actor.kind, by_key=actor.key) if actor.walled or actor.veiled else rows


def import_of(*, actor: Actor, key: int) -> Import:
    """One import. Raises NoSuchImport, NotAllowed."""
    actor.must(Right.IMPORT)
    found = _seen_by(actor).filter(pk=key).first()
    if found is None:
        raise NoSuchImport(key)
    return found


def report_of(
    *, actor: Actor, key: int, refused: bool | None = None, after: str = "", before: str = ""
) -> Report:
    """One import with what was wrong in it and what followed. Raises NoSuchImport, BadCursor, NotAllowed."""
    found = import_of(actor=actor, key=key)
    state = Import.State
    problems = list_problems(
        actor=actor, file_import=found, refused=refused, size=PROBLEMS_SHOWN, after=after, before=before
    )
    matching = MatchRun.objects.first() if found.state in (state.DONE, state.UNDONE) else None
    open_ = matching is not None and matching.state in (MatchRun.State.QUEUED, MatchRun.State.RUNNING)
    undoing = Undoing.objects.filter(file_import=found).first()
    counted_in, lacking = money_of(found)
    return Report(
        file_import=found,
        problems=problems,
        undoing=undoing,
        kept_until=kept_until(undoing) if undoing and undoing.cleared_at is None else None,
        matching=matching if open_ else None,
        before_it=same_file_before(found) if found.batch_id is None and found.source_id else None,
        waiting=_seen_by(actor).filter(state=state.RECEIVED).exclude(pk=found.pk).count(),
        counted_in=counted_in,
        unrated=lacking,
    )


def money_of(found: Import) -> tuple[str, list[str]]:
    """The currency that its orders, the first of the base, made the business's own; and those of them that lack a rate."""
    if found.state != Import.State.DONE or found.brings != Import.Brings.ORDERS or found.batch_id is None:
        return "", []
    began, ended = found.started_at, found.ended_at
    return adopted_between(began, ended) if began and ended else "", unrated(found.batch_id)


def mapping_form(*, actor: Actor) -> MappingForm:
    """What is there to choose from. Raises NotAllowed."""
    actor.must(Right.IMPORT)
    own = tuple(each for each in fields().values() if each.own)
    return MappingForm(tuple(Source.objects.values_list("name", flat=True)[:500]), own)


def list_problems(
    *,
    actor: Actor,
    file_import: Import,
    refused: bool | None = None,
    size: int = 100,
    after: str = "",
    before: str = "",
) -> Page[RowProblem]:
    """The rows of an import in which something was wrong, in the order of the file; only refused ones, or only others.

    What was typed in a sensitive field is left out for whom may not see it. Raises BadCursor, NotAllowed.
    """
    actor.must(Right.IMPORT)
    rows = RowProblem.objects.filter(file_import=file_import)
    if refused is not None:
        rows = rows.filter(refused=refused)
    found = page(rows.defer("cells"), by="id", size=size, after=after, before=before)
    if actor.may(Right.SEE_SENSITIVE):
        open_rows(found.rows)
    else:
        catalogue = fields()
        for row in found.rows:
            row.problems = [_veiled(each, catalogue) for each in row.problems]
    return found


def sensitive_in(targets: Iterable[str | None]) -> bool:
    """Whether one of the fields that columns are mapped to ("phone:mobile", "x.shoe") is a sensitive one."""
    catalogue = fields()
    return any(_is_sensitive(each.split(":")[0], catalogue) for each in targets if each)


def _veiled(problem: dict[str, Any], catalogue: dict[str, Field]) -> dict[str, Any]:
    hidden = is_sealed(problem.get("typed")) or _is_sensitive(str(problem.get("field")), catalogue)
    return {**problem, "typed": ""} if hidden else problem


def _is_sensitive(key: str, catalogue: dict[str, Field]) -> bool:
    field = catalogue.get(key)
    return field is not None and field.sensitive
