"""Markdown: read as the text it is, its headings, lists, tables and emphasis known by the marks of their lines."""

import re
from dataclasses import replace

from reports.limits import Budget
from reports.normalise import clean, squeeze
from reports.readers import furniture
from reports.readers.encoding import decode
from reports.readers.furniture import Facts
from reports.readers.readings import Reading
from reports.readers.text import BREAK, read_lines

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.{0,4000}?)\n(?:---|\.\.\.)[ \t]*\n", re.DOTALL)
_FRONT_TITLE = re.compile(r"^title[ \t]*:[ \t]*[\"']?(.+?)[\"']?[ \t]*$", re.MULTILINE)
_FRONT_DATE = re.compile(r"^date[ \t]*:[ \t]*(.+)$", re.MULTILINE)
_OPEN_TABLE = re.compile(
    r"^[^|\n]+\|.*\n[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)+\n(?:[^|\n]+\|.*(?:\n|\Z))*", re.MULTILINE
)
_MARKS = (
    (re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL), ""),
    (re.compile(r"^[ \t]*(?:```|~~~).*$", re.MULTILINE), ""),
    (re.compile(r"!\[[^\[\]\n]{0,300}\]\([^()\n]{0,1000}\)"), ""),
    (re.compile(r"(?<!\\)\[([^\[\]\n]{1,300})\]\([^()\n]{0,1000}\)"), r"\1"),
    (re.compile(r"\*{3}(?=\S)([^*\n]{1,200})\*{3}"), r"**\1**"),
    (re.compile(r"(?<![\\*\w])\*(?=[^\s*])([^*\n]{1,200})(?<=[^\s\\])\*(?!\*)"), r"\1"),
    (re.compile(r"(`{1,3})([^`\n]{1,500})\1"), r"\2"),
    (re.compile(r"<(?!br\b)/?[a-zA-Z][^<>]*>", re.IGNORECASE), ""),
    (re.compile(r"^[ \t]*>[> \t]*", re.MULTILINE), ""),
    (re.compile(r"\\([!-/:-@\[-`{-~])"), r"\1"),
)


def read(data: bytes, budget: Budget) -> Reading:
    """What a .md file holds."""
    text, broken = decode(data)
    text = clean(text)
    headlines: tuple[str, ...] = ()
    posted_on = None
    if front := _FRONT_MATTER.match(text):
        text = text[front.end() :]
        title, day = _FRONT_TITLE.search(front[1]), _FRONT_DATE.search(front[1])
        headlines = (squeeze(title[1]),) if title else ()
        posted_on = furniture.read_date(day[1]) if day else None
    text = _OPEN_TABLE.sub(lambda table: re.sub(r"(?m)^(.+)$", r"|\1|", table[0]), text)
    for mark, meant in _MARKS:
        text = mark.sub(meant, text)
    lines = (line if line.lstrip().startswith("|") else BREAK.sub("\n", line) for line in text.split("\n"))
    found = read_lines("\n".join(lines), broken, budget, markdown=True)
    return replace(found, headlines=headlines, facts=found.facts.or_else(Facts(posted_on=posted_on)))
