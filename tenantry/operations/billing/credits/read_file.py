"""A file of purchases: a CSV whose rows are read one by one, with the line and the column of each cell."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path

from tenantry.operations.billing.credits.purchases import Asked, AskedRow, Place, PurchaseError, PurchaseProblem
from tenantry.text.spelling import closest

COLUMNS = ("tenant", "charge", "pack", "on", "expires", "ref")
"""Of a file of purchases; `expires` may be empty or left out."""
OPTIONAL = "expires"
NOTHING = Asked("", "", "", None, None, "")
_Fault = tuple[str, str]


@dataclass(frozen=True)
class _Record:
    """The cells of a row, and where each begins; `fault` is why it is no CSV, and then it is the last one."""

    cells: list[str]
    starts: list[Place]
    fault: str = ""


def read_purchases(path: Path) -> tuple[AskedRow, ...]:
    """Return the purchases of a file, each with what can't be read of it; raises PurchaseError where none can be."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise _make_error(path, f"is not UTF-8 (byte {error.start}); save it as CSV UTF-8") from None
    records = _read_records(text)
    header = next(records, _Record([], []))
    if header.fault:
        raise _make_error(path, f"the first row {header.fault}")
    _require_columns(path, header)
    return tuple(_read_row(str(path), header.cells, record) for record in records)


def _make_error(path: Path, sentence: str) -> PurchaseError:
    return PurchaseError([PurchaseProblem(f"{path}:1:1", (1, 1), sentence)])


def _read_records(text: str) -> Iterator[_Record]:
    """Yield each record that is not blank."""
    lines: list[str] = []
    reader = csv.reader(_keep_lines(StringIO(text, newline=""), lines), strict=True)
    while True:
        line = reader.line_num + 1
        lines.clear()
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield _Record([], [(line, 1)], f"is no CSV ({error}); nothing after it was read")
            return
        if cells is None:
            return
        if cells:
            yield _Record([cell.strip() for cell in cells], list(_find_cells("".join(lines), line)))


def _keep_lines(source: Iterator[str], lines: list[str]) -> Iterator[str]:
    """Yield lines, and keep those of the record that is being read."""
    for line in source:
        lines.append(line)
        yield line


def _find_cells(record: str, line: int) -> Iterator[Place]:
    """Yield where each cell of a record begins; commas and ends of lines in quotes belong to their cell."""
    column, is_quoted = 1, False
    yield line, column
    for letter in record:
        column += 1
        if letter == '"':
            is_quoted = not is_quoted
        elif letter == "," and not is_quoted:
            yield line, column
        elif letter == "\n":
            line, column = line + 1, 1


def _require_columns(path: Path, header: _Record) -> None:
    """Raise PurchaseError where the first row has not the columns that every other row needs."""
    names = header.cells
    problems = [
        PurchaseProblem(f"{path}:1:1", (1, 1), f"the column '{name}' is missing; write {','.join(COLUMNS)}")
        for name in COLUMNS
        if name not in names and name != OPTIONAL
    ]
    for name, (line, column) in zip(names, header.starts, strict=True):
        if name not in COLUMNS or names.count(name) > 1:
            close = closest(name, COLUMNS)
            hint = f"; did you mean '{close}'?" if close else ""
            what = "stands twice" if name in COLUMNS else f"is not known{hint}"
            problems.append(PurchaseProblem(f"{path}:{line}:{column}", (line, column), f"the column '{name}' {what}"))
    if problems:
        raise PurchaseError(problems)


def _read_row(file: str, names: Sequence[str], record: _Record) -> AskedRow:
    texts = dict(zip(names, record.cells, strict=False))
    places = dict(zip(names, record.starts, strict=False))
    if record.fault:
        return AskedRow(NOTHING, file, places, ((names[0], f"this row {record.fault}"),))
    days, faults = _read_days(texts)
    asked = Asked(
        tenant=texts.get("tenant", ""),
        charge=texts.get("charge", ""),
        pack=texts.get("pack", ""),
        on=days.get("on"),
        expires=days.get(OPTIONAL),
        ref=texts.get("ref", ""),
    )
    return AskedRow(asked, file, places, (*_find_gaps(names, record.cells), *faults))


def _find_gaps(names: Sequence[str], cells: Sequence[str]) -> Iterator[_Fault]:
    """Yield what a row has too many of, and what is empty; a cell that is not there stands at the row's begin."""
    if len(cells) > len(names):
        yield names[0], f"this row has {len(cells)} cells, and there are {len(names)} columns"
    for number, name in enumerate(names):
        is_there = number < len(cells)
        if name != OPTIONAL and not (is_there and cells[number]):
            yield (name if is_there else names[0]), f"'{name}' is empty"


def _read_days(texts: Mapping[str, str]) -> tuple[dict[str, date], list[_Fault]]:
    """Return the days of a row, and what can't be read."""
    days, faults = {}, []
    for name in ("on", OPTIONAL):
        text = texts.get(name, "")
        try:
            if text:
                days[name] = date.fromisoformat(text)
        except ValueError:
            faults.append((name, f"a day is written as 2026-03-02, not as '{text}'"))
    return days, faults
