"""What an import found as lines for people."""

from collections.abc import Iterator, Mapping, Sequence
from statistics import median_low

from tenantry.operations.importing.values import ImportReport, Row, RowKind
from tenantry.text.colour import Style
from tenantry.text.columns import align_columns
from tenantry.text.counts import format_count
from tenantry.text.plain import plain
from tenantry.text.some import first_of
from tenantry.text.wrapping import PLAIN, Layout, Line, Span, lay_out, sentence

NAMED = 10
FEW = 20
"""So many tenants are a table; of more, the summary tells enough."""
WORDS: Mapping[RowKind, str] = {
    "closed": "closed",
    "unreadable": "can't be read",
    "in_doubt": "in doubt",
    "gone": "gone",
    "renamed": "renamed in import.yaml",
    "url": "its URL is not for git",
    "not_writable": "not for a manifest",
    "no_entry": "no entry of a manifest",
    "observed": "observed only",
    "refused_by_policy": "refused by rules",
    "secret_unknown": "secrets unknown",
    "console_only": "only in the Console",
}


def as_text(report: ImportReport, layout: Layout = PLAIN) -> str:
    """Return the tenants and layers, what was left out with the next step of each, and a line that counts."""
    return lay_out(_lines(report), layout)


def file_lines(texts: Mapping[str, str]) -> Iterator[Line]:
    """Yield files with their names, as --explain shows layers."""
    for name, text in texts.items():
        yield Line((Span(name, "bold"),))
        yield from (Line((Span(row, whole=True),), 2) for row in text.splitlines())
        yield Line()


def summary(report: ImportReport) -> str:
    """Return what was brought in, in a sentence or two."""
    verb = "would be written" if report.dry_run else "written"
    objects = sum(tenant.objects for tenant in report.imported)
    parts = [f"{format_count(len(report.imported), 'tenant')} {verb}, {format_count(objects, 'object')} to take over"]
    plans = [layer for layer in report.layers if layer.file.startswith("plans/")]
    if report.layers:
        parts.append(f"{format_count(len(plans), 'plan')} found")
    if report.imported:
        parts.append(f"{median_low(tenant.lines for tenant in report.imported)} lines in the median manifest")
    outside = sum(row.severity == "left_out" for row in report.rows)
    parts.append(f"{outside:,} left out")
    passed = format_count(report.already, "account")
    already = f" {passed} passed over: with a tenant already, or in known_accounts." if report.already else ""
    return f"{', '.join(parts)}.{already}"


def _lines(report: ImportReport) -> Iterator[Line]:
    yield from _layers(report)
    yield from _tenants(report)
    yield from _rows(report.rows)
    yield sentence(summary(report), "bold")


def _layers(report: ImportReport) -> Iterator[Line]:
    for layer in report.layers:
        name, names = Span(plain(layer.file), "bold"), first_of(list(layer.entries), NAMED)
        yield Line((name, Span(f": {format_count(layer.tenants, 'tenant')}; {plain(names)}")))
    if report.layers:
        yield Line()


def _tenants(report: ImportReport) -> Iterator[Line]:
    if len(report.imported) > FEW:
        number = format_count(len(report.imported), "tenant")
        yield sentence(f"{number}, too many for a table: `--format json` names each with its account and plan.")
        yield Line()
    if not report.imported or len(report.imported) > FEW:
        return
    rows = [
        (plain(item.tenant), item.account_sid, item.plan or "-", "observed" if item.observed else "", plain(item.name))
        for item in report.imported
    ]
    first, *rest = align_columns([("tenant", "account", "plan", "", "name in Twilio"), *rows])
    yield Line((Span(first, "bold", whole=True),))
    yield from (Line((Span(text, whole=True),)) for text in rest)
    yield Line()


def _rows(rows: Sequence[Row]) -> Iterator[Line]:
    """Yield rows of one cause as one paragraph: the reason, whom it is about, and what to do."""
    groups: dict[tuple[str, RowKind, str, str], list[Row]] = {}
    for row in rows:
        reason = row.reason.replace(row.tenant, "{tenant}") if row.tenant else row.reason
        step = row.next_step.replace(row.tenant, "{tenant}") if row.tenant else row.next_step
        groups.setdefault((row.severity, row.kind, reason, step), []).append(row)
    for (severity, kind, _, _), alike in groups.items():
        first = alike[0]
        style: Style = "yellow" if severity == "left_out" else "dim"
        title = f"{'Left out' if severity == 'left_out' else 'Note'}, {WORDS[kind]}"
        about = [text for row in alike if (text := _about(row))]
        whom = f" {first_of(about, NAMED)}:" if about else ""
        yield Line((Span(f"{title}:", style), Span(plain(f"{whom} {first.reason}."))))
        yield Line((Span(plain(f"Next: {first.next_step}.")),), 2)
    if groups:
        yield Line()


def _about(row: Row) -> str:
    """Return what a row is about, in few words."""
    if row.account_sid is None:
        return ""
    name = f" '{row.name}'" if row.name else ""
    inside = f"{row.tenant} " if row.tenant and row.sid != row.account_sid else ""
    return f"{inside}{row.sid or row.account_sid}{name}"
