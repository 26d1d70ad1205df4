"""Reads of this domain: imports, and what was wrong in their rows."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from kartoteka.kit.paging import Page, page
from kartoteka.people.catalogue import Field
from kartoteka.people.checking import fields
from kartoteka.trust.actor import Actor, Right

from .models import Import, RowProblem


class NoSuchImport(LookupError):
    """There is no import of this number."""

    def __init__(self, key: int) -> None:
        super().__init__(_("There is no import %(number)s.") % {"number": key})


def list_imports(
    *, actor: Actor, state: str = "", size: int = 50, after: str = "", before: str = ""
) -> Page[Import]:
    """Imports, the newest first; in this state only, if one is given. Raises BadCursor, NotAllowed."""
    actor.must(Right.IMPORT)
    rows = Import.objects.select_related("source")
    if state:
        rows = rows.filter(state=state)
    return page(rows, by="id", descending=True, size=size, after=after, before=before)


def import_of(*, actor: Actor, key: int) -> Import:
    """One import. Raises NoSuchImport, NotAllowed."""
    actor.must(Right.IMPORT)
    found = Import.objects.select_related("source").filter(pk=key).first()
    if found is None:
        raise NoSuchImport(key)
    return found


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
    if not actor.may(Right.SEE_SENSITIVE):
        catalogue = fields()
        for row in found.rows:
            row.problems = [_veiled(each, catalogue) for each in row.problems]
    return found


def sensitive_in(targets: Iterable[str | None]) -> bool:
    """Whether one of the fields that columns are mapped to ("phone:mobile", "x.shoe") is a sensitive one."""
    catalogue = fields()
    return any(_is_sensitive(each.split(":")[0], catalogue) for each in targets if each)


def _veiled(problem: dict[str, Any], catalogue: dict[str, Field]) -> dict[str, Any]:
    return {**problem, "typed": ""} if _is_sensitive(str(problem.get("field")), catalogue) else problem


def _is_sensitive(key: str, catalogue: dict[str, Field]) -> bool:
    field = catalogue.get(key)
    return field is not None and field.sensitive
