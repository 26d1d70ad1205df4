"""A report as a file that the browser keeps."""

from __future__ import annotations

from django.http import HttpResponse

from kartoteka.activity.paper import Paper
from kartoteka.activity.paper_files import KINDS


def as_file(paper: Paper, *, kind: str) -> HttpResponse:
    """The paper as "csv", "xlsx" or "pdf"."""
    write, media = KINDS[kind]
    answer = HttpResponse(write(paper), content_type=media)
    answer.headers["Content-Disposition"] = f'attachment; filename="{paper.name}.{kind}"'
    return answer
