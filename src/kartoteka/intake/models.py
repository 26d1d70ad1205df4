"""Imports of files, what was wrong in their rows, how a source's columns were mapped, and undoings."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from orjson import loads

from kartoteka.people.models import Batch, Ground, Source
from kartoteka.trust.by import ByActor
from kartoteka.trust.personal_keys import Subject, is_sealed, open_many

from .connection_models import Connection as Connection
from .connection_models import Delivery as Delivery
from .connection_models import Parcel as Parcel
from .telephony.models import Ringing as Ringing


class Import(ByActor):
    """One file on its way in. This row is the truth of it: a worker that dies leaves it, and the next one goes on."""

    class State(models.TextChoices):
        RECEIVED = "received", _("to be mapped")
        CHECK_QUEUED = "check_queued", _("waiting to be checked")
        CHECKING = "checking", _("being checked")
        CHECKED = "checked", _("checked, nothing written yet")
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("running")
        STOPPED = "stopped", _("stopped")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        UNDO_QUEUED = "undo_queued", _("waiting to be undone")
        UNDONE = "undone", _("undone")

    class Brings(models.TextChoices):
        CUSTOMERS = "customers", _("customers")
        ORDERS = "orders", _("orders")

    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, related_name="imports")
    brings = models.CharField(
        _("what it holds"), max_length=10, choices=Brings.choices, default=Brings.CUSTOMERS
    )
    # Of orders: the currency of amounts that do not name theirs.
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    batch = models.OneToOneField(Batch, on_delete=models.PROTECT, null=True, related_name="file_import")
    ground = models.CharField(_("ground"), max_length=20, choices=Ground.choices, blank=True)
    name = models.CharField(_("file"), max_length=255)
    # Under which name the vault keeps the file, encrypted.
    kept_as = models.CharField(max_length=64)
    size = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, db_index=True)
    format = models.CharField(max_length=20, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    # By sheet: {"place": 0, "use": true, "columns": [heading], "fields": [key or null], "examples": [...], "orders": {...}}
    mapping = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVED, db_index=True)
    # The step that is under way, and where the run stands: sheet name and the last row that is written.
    sheet = models.CharField(max_length=100, blank=True)
    row = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    joined = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    flawed = models.PositiveIntegerField(default=0)
    # Rows that say yes to something, say no, or name an address that is not to be used.
    agreed = models.PositiveIntegerField(default=0)
    declined = models.PositiveIntegerField(default=0)
    stopped = models.PositiveIntegerField(default=0)
    heartbeat = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    stop_asked = models.DateTimeField(null=True)
    problem = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]
        constraints = [
            # Whoever starts the same file in the same instant is told so by the database.
            models.UniqueConstraint(
                fields=["digest", "source", "brings"],
                condition=models.Q(state__in=["queued", "running", "stopped", "done"]),
                name="same_file_once",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def laid_out(self) -> list[tuple[str, dict[str, Any]]]:
        """The mapping sheet by sheet in the order of the file, the examples left sealed."""
        return sorted(self.mapping.items(), key=lambda each: each[1].get("place", 0))

    @property
    def sheets(self) -> dict[str, dict[str, Any]]:
        """The mapping, sheet by sheet in the order of the file, which a JSON column does not keep; the examples opened."""
        sheets = self.laid_out
        shut: list[Any] = [said.get("examples") for _name, said in sheets]
        opened = iter(open_many([text for text in shut if is_sealed(text)]))
        return {
            name: {**said, "examples": loads(next(opened) or "[]") if is_sealed(text) else text or []}
            for (name, said), text in zip(sheets, shut, strict=True)
        }

    @property
    def left_out(self) -> list[str]:
        """The sheets that hold something but are not brought in, in the order of the file."""
        return [name for name, said in self.laid_out if not said["use"]]

    @property
    def secret(self) -> Subject:
        """With whose key the examples of the file's cells are sealed: its own."""
        return Subject("file", self.kept_as[:40])

    @property
    def busy(self) -> bool:
        """Whether somebody is or will be working on it, so that a page shows a bar."""
        state = self.State
        return self.state in (
            state.CHECK_QUEUED, state.CHECKING, state.QUEUED, state.RUNNING, state.UNDO_QUEUED,
        )  # fmt: skip

    @property
    def percent(self) -> int:
        """How far the step under way is."""
        return min(100, 100 * self.rows_done // self.rows) if self.rows else 0


class RowProblem(models.Model):
    """What was wrong in one row. A refused row was not written; a flawed one was, and kept what was typed."""

    file_import = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="row_problems")
    sheet = models.CharField(max_length=100, blank=True)
    row = models.PositiveIntegerField()
    refused = models.BooleanField(default=False)
    # [{"field", "column", "problem", "typed", "note"}, ...]
    problems = models.JSONField(default=list)
    # The row's cells as they were, kept for the file of refused rows.
    cells = models.JSONField(default=list)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["file_import", "refused", "id"], name="row_problem_of_import")]

    def __str__(self) -> str:
        return f"{self.file_import_id}, row {self.row}"


class RememberedColumn(models.Model):
    """To what field a person mapped a column of this source, for the next file."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="remembered_columns")
    header = models.CharField(max_length=300)
    field = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "header"], name="column_remembered_once")]

    def __str__(self) -> str:
        return f"{self.header}: {self.field}"


class Undoing(ByActor):
    """An import was undone: who, when, and what it took out of the base."""

    file_import = models.OneToOneField(Import, on_delete=models.CASCADE, related_name="undoing")
    at = models.DateTimeField()
    claims = models.PositiveIntegerField(default=0)
    customers = models.PositiveIntegerField(default=0)
    orders = models.PositiveIntegerField(default=0)
    # When the file and what was wrong in its rows were removed, and by whom.
    cleared_at = models.DateTimeField(null=True)
    cleared_by = models.CharField(max_length=150, blank=True)

    def __str__(self) -> str:
        return f"{self.file_import_id}, {self.at:%Y-%m-%d}"
