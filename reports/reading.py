"""A report read: from a file or a document to the values that leave this room."""

from pathlib import Path
from typing import Any

from reports.answers import answers
from reports.assigned import assign
from reports.document import Document
from reports.files import document_from, read_bytes
from reports.files import sha256 as fingerprint
from reports.gathering import Gatherer
from reports.harvest import Found, Harvest
from reports.hints import hints
from reports.labels import Field
from reports.leftovers import leftovers
from reports.numerals import years
from reports.outline import Region
from reports.papers import other_kind, refuse
from reports.parsed import Hint, HintKind, Missed, ParsedReport, Plan, Shortcoming, Words
from reports.parts import read_parts
from reports.sections import Kind
from reports.seen import framed, seen
from reports.source import Source
from reports.tagger import MODEL, NO_MODEL, tag


def read_report(path: Path, *, anyway: bool = False) -> ParsedReport:
    """What the report in a file says.

    `anyway` reads a paper that looks like another kind as if it were a report.

    Raises: Unreadable for a file that cannot be read, NotAReport for a paper of another kind; both say what to do.
    """
    data = read_bytes(path)
    return read_document(document_from(data, path.name), sha256=fingerprint(data), anyway=anyway)


def read_document(
    document: Document, *, sha256: str, anyway: bool = False, model: Path = MODEL
) -> ParsedReport:
    """What the report in a document says; see `read_report`."""
    source, frame, meta = framed(document)
    if not anyway and (paper := other_kind(source, frame, meta.title.value if meta.title else "")):
        raise refuse(paper)
    found = seen(source, frame, meta)
    tagged = tag(found, model)
    gatherer = Gatherer(found, tagged)
    harvest = gatherer.gather()
    parts = read_parts(gatherer)
    assign(source, frame, parts, harvest, _planned_year(parts, meta.year.value if meta.year else None))
    shortcomings, plans = _items(source, harvest)
    left = tuple(leftovers(source, frame, parts, harvest))
    return ParsedReport(
        title=meta.title.value if meta.title else "",
        org=meta.org.value if meta.org else "",
        year=meta.year.value if meta.year else None,
        issued=meta.issued.value if meta.issued else None,
        heads=meta.heads(),
        shortcomings=shortcomings,
        plans=plans,
        missed=tuple(
            Missed(text=source.text[at.start : at.end], span=at.span, likely=likely)
            for at, likely in gatherer.missed()
        ),
        leftovers=left,
        hints=(
            *((Hint(kind=HintKind.UNCERTAIN, message=NO_MODEL),) if tagged.ruled else ()),
            *hints(document, source, frame, meta, shortcomings, plans, left, harvest.unread_tables),
        ),
        ruled=tagged.ruled,
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
        "confidence": found.confidence,
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
