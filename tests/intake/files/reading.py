"""Write bytes to a file, read it, and give back what a test compares."""

from pathlib import Path

from kartoteka.intake.files import Book, ColumnMap, Problem, Row, open_file, propose


def written(folder: Path, content: bytes | str, name: str = "list.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
    return path


def read(
    folder: Path, content: bytes | str, encoding: str = "utf-8"
) -> tuple[Book, list[Row], list[tuple[int, str]]]:
    """The book, the rows of its first sheet, and (row, code) of every problem."""
    book = open_file(written(folder, content, encoding=encoding))
    problems: list[Problem] = []
    rows = list(book.sheets[0].rows(problems.append))
    assert all(problem.message for problem in problems)
    return book, rows, [(problem.row, problem.code) for problem in problems]


def mapped(folder: Path, content: str, **given: object) -> dict[str, str | None]:
    """Heading -> field as proposed for a CSV."""
    return {each.header: each.field for each in maps(folder, content, **given)}


def maps(folder: Path, content: str, **given: object) -> list[ColumnMap]:
    sheet = open_file(written(folder, content)).sheets[0]
    return propose(sheet.columns, sheet.sample(), **given)  # type: ignore[arg-type]
