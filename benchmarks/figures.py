"""The figures of a benchmark: as a table, as a file, and beside those of an earlier run."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

BEGIN, END = "<!-- figures of benchmarks/fleet.py: {shape} -->", "<!-- end of the figures -->"
HEAD = "| | wall s | CPU s | ms CPU a resource | MB | calls a tenant | CPU s by process |"
RULE = "|---|---|---|---|---|---|---|"


@dataclass(frozen=True)
class Row:
    """One operation: seconds on the wall, seconds of CPU of all processes below us, bytes of memory at once, calls."""

    what: str
    wall: float
    cpu: float
    memory: int
    calls: int
    resources: int
    profile: Mapping[str, float] = field(default_factory=dict)
    """Seconds of CPU by role, the most first; the fake is not part of `cpu`."""


@dataclass(frozen=True)
class Figures:
    """All operations of one run."""

    title: str
    shape: str
    tenants: int
    rows: tuple[Row, ...]


def write_figures(file: Path, figures: Figures) -> None:
    """Write figures for a later `--against`."""
    file.write_text(json.dumps(asdict(figures), indent=1) + "\n", encoding="utf-8")


def read_figures(file: Path) -> Figures:
    """Read what `write_figures` wrote; raises OSError, ValueError and KeyError."""
    read = json.loads(file.read_text(encoding="utf-8"))
    return Figures(read["title"], read["shape"], read["tenants"], tuple(Row(**row) for row in read["rows"]))


def as_text(figures: Figures) -> str:
    """Return the table, with a profile below each row."""
    head = f"{'':52} {'wall s':>7} {'CPU s':>7} {'ms/resource':>12} {'MB':>6} {'calls':>7} {'/tenant':>8}"
    return "\n".join([figures.title, head, *(line for row in figures.rows for line in _lines(row, figures.tenants))])


def as_markdown(figures: Figures, before: Figures | None = None) -> str:
    """Return the table for docs/performance.md; with the seconds of an earlier run, where there is one."""
    earlier = {row.what: row for row in before.rows} if before else {}
    rows = (_write_row(row, figures.tenants, earlier.get(row.what)) for row in figures.rows)
    return "\n".join([f"{figures.title}:", "", HEAD, RULE, *rows])


def _write_row(row: Row, tenants: int, earlier: Row | None) -> str:
    was = f" ({earlier.wall:.1f})" if earlier else ""
    return (
        f"| {row.what} | {row.wall:.1f}{was} | {row.cpu:.1f} | {_each(row):.1f} | {row.memory / 1e6:,.0f} "
        f"| {row.calls / tenants:.3f} | {_shares(row.profile)} |"
    )


def put_into_page(page: Path, figures: Figures, before: Figures | None = None) -> None:
    """Replace the table of a page between the marks of its shape; raises ValueError where it has none."""
    mark = BEGIN.format(shape=figures.shape)
    above, begin, rest = page.read_text(encoding="utf-8").partition(mark)
    _, end, below = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page} has no place for these figures: write {mark} and {END} there")
    page.write_text(f"{above}{mark}\n{as_markdown(figures, before)}\n{END}{below}", encoding="utf-8")


def compare(now: Figures, before: Figures) -> str:
    """Return each figure as a ratio to that of an earlier run: below 1 is better."""
    earlier = {row.what: row for row in before.rows}
    head = f"{'as ratios to ' + before.title:60}\n{'':52} {'wall':>7} {'CPU':>7} {'memory':>7} {'calls':>7}"
    return "\n".join([head, *_ratios(now.rows, earlier)])


def _ratios(rows: Sequence[Row], earlier: Mapping[str, Row]) -> Iterator[str]:
    for row in rows:
        old = earlier.get(row.what)
        if old is None:
            yield f"{row.what:52} not measured then"
            continue
        pairs = ((row.wall, old.wall), (row.cpu, old.cpu), (row.memory, old.memory), (row.calls, old.calls))
        yield f"{row.what:52} " + " ".join(f"{new / was:7.2f}" if was else f"{'-':>7}" for new, was in pairs)


def _lines(row: Row, tenants: int) -> Iterator[str]:
    figures = f"{row.wall:7.1f} {row.cpu:7.1f} {_each(row):12.2f} {row.memory / 1e6:6.0f}"
    yield f"{row.what:52} {figures} {row.calls:7} {row.calls / tenants:8.3f}"
    yield f"    {_shares(row.profile)}"


def _shares(profile: Mapping[str, float]) -> str:
    return ", ".join(f"{role} {seconds:.1f}" for role, seconds in profile.items() if seconds >= 0.05)


def _each(row: Row) -> float:
    return 1000 * row.cpu / row.resources
