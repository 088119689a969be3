"""Finding words in a report's text as a person would: blanks and line ends do not count."""

import re
from typing import Final

_CUT: Final = re.compile(r"(?<=[。；;！？\n])(?![”’」』）)\]])")
_BLANK: Final = re.compile(r"\s+")


def pieces(text: str) -> list[str]:
    """A text as it may be cut in two: its sentences, and what semicolons part; together they are the text."""
    found: list[str] = []
    for part in _CUT.split(text):
        if found and not re.search(r"\w", part):
            found[-1] += part
        elif part:
            found.append(part)
    return found


def places_of(words: str, text: str) -> list[tuple[int, int]]:
    """Where `words` stand in `text`, as [start, end) in characters; none where they do not."""
    wanted = _BLANK.sub("", words)
    if not wanted:
        return []
    kept = [place for place, char in enumerate(text) if not char.isspace()]
    bare = "".join(text[place] for place in kept)
    found = []
    at = bare.find(wanted)
    while at >= 0:
        found.append((kept[at], kept[at + len(wanted) - 1] + 1))
        at = bare.find(wanted, at + len(wanted))
    return found
