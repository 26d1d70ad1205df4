"""What goes in and out of the routes of imports."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from ninja import Field, Schema
from pydantic import Json

from kartoteka.people.models import Ground

from .reading import Given, Some, Text

State = Literal[
    "", "received", "check_queued", "checking", "checked", "queued", "running", "stopped", "done", "failed",
    "undo_queued", "undone",
]  # fmt: skip


class Upload(Given):
    """What goes with a file."""

    source: Some = Field(..., description="Where the file comes from.", examples=["newsletter"])
    ground: Ground = Field(
        ..., description="On what ground in law its data may be held.", examples=["consent"]
    )
    holds: Literal["customers", "orders"] = Field(
        "customers",
        alias="as",
        description="What the file holds: customers, or orders with whoever placed them.",
    )
    currency: Text = Field(
        "", description="Of orders whose amounts do not name theirs; else the country's.", examples=["EUR"]
    )
    country: Text = Field("", description="Where numbers without a country code are from.", examples=["PL"])
    columns: Json[dict[Text, Text]] = Field(
        default_factory=dict,
        description="What columns mean where the proposal would be wrong: a JSON object, heading to field. An empty "
        "field keeps a column only.",
        examples=['{"Telefon": "phone:mobile", "Uwagi": "note"}'],
    )
    dry_run: bool = Field(False, description="Only check: tell what would happen, write nothing.")


class ImportState(Schema):
    """How an import stands."""

    id: int = Field(..., description="Its number.", examples=[7])
    file: str = Field(..., description="The file's name.", examples=["customers.csv"])
    source: str = Field(..., description="Where it comes from.", examples=["newsletter"])
    ground: str = Field(..., description="On what ground its data is held.", examples=["consent"])
    brings: str = Field(..., description="customers or orders.", examples=["customers"])
    currency: str = Field(..., description="Of orders whose amounts do not name theirs.", examples=[""])
    country: str = Field(..., description="The country it is read as of.", examples=["PL"])
    state: str = Field(
        ...,
        description="received, check_queued, checking, checked, queued, running, stopped, done, failed, undo_queued, "
        "undone.",
        examples=["running"],
    )
    busy: bool = Field(..., description="Whether the worker is at it or will be.", examples=[True])
    percent: int = Field(..., description="How far the step under way is.", examples=[40])
    rows: int = Field(..., description="Rows of the file, once they are counted.", examples=[5000])
    rows_done: int = Field(..., description="Rows that are done.", examples=[2000])
    new: int = Field(..., description="Rows that became new customers, or would.", examples=[1800])
    joined: int = Field(..., description="Rows that joined a customer known from elsewhere.", examples=[120])
    known: int = Field(..., description="Rows the source had brought before.", examples=[70])
    refused: int = Field(..., description="Rows that were not written.", examples=[10])
    flawed: int = Field(
        ..., description="Rows that were written although something in them is wrong.", examples=[31]
    )
    problem: str = Field(..., description="Why it failed, if it did.", examples=[""])
    mapping: dict[str, dict[str, str | None]] = Field(
        ...,
        description="By sheet, what each column means; null: it is only kept.",
        examples=[{"": {"Imię": "given", "Telefon": "phone"}}],
    )
    received_at: dt.datetime = Field(..., description="When the file arrived.")
    started_at: dt.datetime | None = Field(..., description="When the step under way began.")
    ended_at: dt.datetime | None = Field(..., description="When it ended.")


class ImportPage(Schema):
    """A page of imports."""

    imports: list[ImportState] = Field(..., description="The imports of this page, the newest first.")
    after: str = Field(..., description="Give this as `after` for the next page; empty on the last.")
    before: str = Field(..., description="Give this as `before` for the page before; empty on the first.")


class CellProblem(Schema):
    """What was wrong in one cell."""

    field: str = Field("", description="The field.", examples=["phones"])
    column: str = Field("", description="The column's heading.", examples=["Telefon"])
    problem: str = Field("", description="A word for what is wrong.", examples=["invalid"])
    typed: str = Field("", description="What stands in the cell.", examples=["600 100"])
    note: str = Field("", description="What may have been meant, if that is known.", examples=[""])


class RowProblems(Schema):
    """What was wrong in one row."""

    sheet: str = Field(..., description="The sheet; empty where a file has only one.", examples=[""])
    row: int = Field(..., description="The row as a spreadsheet counts.", examples=[17])
    refused: bool = Field(..., description="Whether the row was not written because of it.")
    problems: list[CellProblem] = Field(..., description="All that was wrong in it.")


class ProblemPage(Schema):
    """A page of rows with problems."""

    rows: list[RowProblems] = Field(
        ..., description="Rows in which something was wrong, in the order of the file."
    )
    after: str = Field(..., description="Give this as `after` for the next page; empty on the last.")
    before: str = Field(..., description="Give this as `before` for the page before; empty on the first.")
