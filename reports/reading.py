"""A report read: from a file or a document to the values that leave this room."""

from pathlib import Path
from typing import Any

from reports import remarks
from reports.answers import answers
from reports.assigned import assign
from reports.branches import marks_in
from reports.causes import share_out
from reports.document import Document
from reports.files import document_from, read_bytes
from reports.files import sha256 as fingerprint
from reports.frame import Frame, frame_of
from reports.harvest import Found, Harvest
from reports.hints import hints
from reports.items import Reader
from reports.labels import Field
from reports.leftovers import leftovers
from reports.metadata import metadata_of
from reports.numerals import years
from reports.outline import Region, lines_in, outline
from reports.papers import other_kind, refuse
from reports.parsed import ParsedReport, Plan, Shortcoming, Words
from reports.sections import Kind
from reports.segments import segments
from reports.source import Source


def read_report(path: Path, *, anyway: bool = False) -> ParsedReport:
    """What the report in a file says.

    `anyway` reads a paper that looks like another kind as if it were a report.

    Raises: Unreadable for a file that cannot be read, NotAReport for a paper of another kind; both say what to do.
    """
    data = read_bytes(path)
    return read_document(document_from(data, path.name), sha256=fingerprint(data), anyway=anyway)


def read_document(document: Document, *, sha256: str, anyway: bool = False) -> ParsedReport:
    """What the report in a document says; see `read_report`."""
    source = Source.of(document)
    frame = frame_of(source)
    meta = metadata_of(document, source, frame)
    if not anyway and (paper := other_kind(source, frame, meta.title)):
        raise refuse(paper)
    regions = segments(source, frame, outline(source, frame, meta.year))
    harvest = _harvest(source, frame, regions)
    assign(source, frame, regions, harvest, _planned_year(regions, meta.year))
    shortcomings, plans = _items(source, harvest)
    left = tuple(leftovers(source, frame, regions, harvest))
    return ParsedReport(
        title=meta.title,
        org=meta.org,
        year=meta.year,
        issued=meta.issued,
        shortcomings=shortcomings,
        plans=plans,
        leftovers=left,
        hints=hints(document, source, frame, meta, shortcomings, plans, left, harvest.unread_tables),
        text=source.text,
        name=document.name,
        format=document.format,
        sha256=sha256,
    )


def _planned_year(regions: list[Region], reported: int | None) -> int | None:
    """The year after the one reported on, unless a heading of plans says another."""
    headed = [
        year
        for region in regions
        if region.kind in (Kind.PLANS, Kind.COMBINED)
        for year in years(region.heading)
        if reported is None or year > reported
    ]
    return headed[0] if headed else reported and reported + 1


def _harvest(source: Source, frame: Frame, regions: list[Region]) -> Harvest:
    whole = Harvest()
    pending: list[Region] = []
    for region in regions:
        if region.kind is Kind.CAUSES:
            pending.append(region)
        elif region.kind is not Kind.OTHER:
            found = Reader(source, frame, region).read()
            whole.shortcomings += found.shortcomings
            whole.plans += found.plans
            whole.said += found.said
            whole.marks += found.marks
            whole.unread_tables += found.unread_tables
    for region in pending:
        _give_causes(source, frame, region, whole)
    return whole


def _give_causes(source: Source, frame: Frame, region: Region, whole: Harvest) -> None:
    """Reasons in a part of their own go to the shortcomings above them that give none themselves."""
    marks = marks_in(source.text, lines_in(frame, region.stretch))
    whole.marks += marks
    whole.said.append((region.stretch, remarks.REASON_LEAD))
    above = [
        found for found in whole.shortcomings if found.start < region.stretch.start
    ] or whole.shortcomings
    without = [found for found in above if not found.cause]
    if not without:
        return
    words = [source.words(found.stretches) for found in without]
    counted = [] if region.turned else [found.number for found in without]
    shares = share_out(source.text, region.stretch, marks, words, counted)
    for found, cause in zip(without, shares, strict=True):
        found.cause = (cause,) if cause and cause.end - cause.start > 1 else ()


def _items(source: Source, harvest: Harvest) -> tuple[tuple[Shortcoming, ...], tuple[Plan, ...]]:
    """Items in order of place, each pointing to what it answers or is answered by."""
    lacking = sorted(harvest.shortcomings, key=lambda found: found.start)
    planned = sorted(harvest.plans, key=lambda found: found.start)
    places = {id(found): place for place, found in enumerate(lacking)}
    named = [places.get(id(found.answers)) if found.answers else None for found in planned]
    likely = answers(
        [source.words(found.stretches) for found in lacking],
        [source.words(found.stretches) for found in planned],
    )
    own: dict[int, tuple[int, ...]] = {}
    for place, target in enumerate(named):
        if target is not None:
            own[target] = (*own.get(target, ()), place)
    return (
        tuple(
            Shortcoming(
                **_item(source, found),
                cause=source.words(found.cause) or None,
                answered_by=tuple(dict.fromkeys((*own.get(place, ()), *likely[place]))),
            )
            for place, found in enumerate(lacking)
        ),
        tuple(
            Plan(**_item(source, found), answers=target) for found, target in zip(planned, named, strict=True)
        ),
    )


def _item(source: Source, found: Found) -> dict[str, Any]:
    block = source.line_at(found.start).block
    told = found.told
    who = [told.names[kind] for kind in (Field.OWNER, Field.PERSON, Field.LEADER) if told.names.get(kind)]
    leading, *others = who[0] if who else [None]
    return {
        "text": source.words(found.stretches),
        "spans": tuple(stretch.span for stretch in found.stretches),
        "page": block.page,
        "paragraph": block.paragraph,
        "section": found.section,
        "number": found.number,
        "owner": leading,
        "person": next(iter(told.names.get(Field.PERSON, ())), None),
        "leader": next(iter(told.names.get(Field.LEADER, ())), None),
        "partners": tuple(dict.fromkeys([*others, *told.names.get(Field.PARTNER, ())])),
        "due": told.due,
        "cadence": told.cadence,
        "origin": told.origin,
        "assigned": tuple(
            Words(field=field, text=source.words([at]), span=at.span) for field, at in told.said
        ),
    }
