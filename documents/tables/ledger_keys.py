"""The hidden key of a ledger row: which task it is, at which version, and a digest of each cell as it went out.

By the digests an import knows which cells somebody edited, even where the task has moved on since.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from documents.excel.cells import held
from rectification.lists.case_file import CaseFile
from rectification.tables.ledger import COLUMNS, LedgerColumn

_DIGEST: Final = 8
_FORM: Final = re.compile(rf"([^#\s]+)#(\d+)#((?:[0-9a-f]{{{_DIGEST}}}){{{len(COLUMNS)}}})")


@dataclass(frozen=True, slots=True)
class RowKey:
    """A row's identity and what its cells said when it went out."""

    code: str
    version: int
    digests: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.code}#{self.version}#{''.join(self.digests)}"

    def edited(self, texts: Mapping[LedgerColumn, str]) -> tuple[LedgerColumn, ...]:
        """The columns whose cell no longer says what went out."""
        return tuple(
            column
            for column, sent in zip(COLUMNS, self.digests, strict=True)
            if column in texts and digest(texts[column]) != sent
        )

    def sent(self, column: LedgerColumn, text: str) -> bool:
        """Whether the column went out saying this."""
        return self.digests[COLUMNS.index(column)] == digest(text)


def key_of(case_file: CaseFile, texts: Sequence[str]) -> RowKey:
    """The key of a row that goes out with these texts."""
    return RowKey(case_file.row.code, case_file.row.version, tuple(digest(text) for text in texts))


def read_key(text: str) -> RowKey | None:
    """The key a cell holds; None where there is none or it was damaged."""
    found = _FORM.fullmatch(text.strip())
    if found is None:
        return None
    digests = tuple(found[3][n : n + _DIGEST] for n in range(0, len(found[3]), _DIGEST))
    return RowKey(found[1], int(found[2]), digests)


def digest(text: str) -> str:
    """A short fingerprint of what a cell can hold of a text; white space at its ends does not count."""
    return hashlib.sha256(held(text).strip().encode()).hexdigest()[:_DIGEST]
