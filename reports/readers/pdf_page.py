"""What stands on a pdf page: glyphs and ruled lines with their places, by pdfium.

Places are in points from the top left corner of the page, turned so that its text stands upright.
"""

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from pypdfium2 import PdfMatrix, PdfPage, raw

from reports.limits import Budget

_BOLD_WEIGHT = 600
_TURNED = 0.2
_QUARTER = math.pi / 2
_SAME_PLACE = 0.15
_MOST_SEGMENTS = 4_000
_LEAST_RULE = 4.0
_STRAIGHT = 1.0
GARBLED = "\ufffd"  # stands for a character whose font does not say which one it is
Box = tuple[float, float, float, float, float, float]
_SPACES = frozenset(" \t\r\n\u00a0\u3000\u0002\ufffe")


class Glyph(NamedTuple):
    """One printed character; `base` is how far down its line stands, whatever its font."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    base: float
    bold: bool

    @property
    def size(self) -> float:
        return self.bottom - self.top


class Rule(NamedTuple):
    """A straight ruled line: at `at` across its direction, from `start` to `end` along it."""

    upright: bool
    at: float
    start: float
    end: float

    def reaches(self, place: float, slack: float = 0.0) -> bool:
        """Whether a place along its direction is on it."""
        return self.start - slack <= place <= self.end + slack


class Frame(NamedTuple):
    """The size of a page as its text stands upright, and how a point of its own space comes to stand there."""

    width: float
    height: float
    matrix: PdfMatrix


def glyphs_of(page: PdfPage, budget: Budget) -> tuple[list[Glyph], Frame]:
    """The printed characters of the page in the order of its drawing, and the frame in which they read upright.

    Watermarks set askew and characters printed twice in one place are left out.
    """
    found = list(_characters(page, budget))
    turns = Counter(round(angle / _QUARTER) % 4 for *_, angle in found)  # clockwise, as pdfium counts
    quarter = turns.most_common(1)[0][0] if turns else 0
    rotation = -quarter * 90 % 360
    if found and page.get_rotation() != rotation:
        page.set_rotation(rotation)  # pdfium orders what stands in one line as the page is shown
        found = list(_characters(page, budget))
    frame = _frame(page, rotation)
    upright = (each for each in found if _askew(each[3], quarter * _QUARTER) < _TURNED)
    matrix = frame.matrix.get()
    return _once(_glyph(char, box, bold, matrix) for char, box, bold, _ in upright), frame


def _glyph(char: str, box: Box, bold: bool, matrix: tuple[float, ...]) -> Glyph:
    (x1, y1, x2, y2, x, y), (a, b, c, d, e, f) = box, matrix
    left, right = sorted((a * x1 + c * y1 + e, a * x2 + c * y2 + e))
    top, bottom = sorted((b * x1 + d * y1 + f, b * x2 + d * y2 + f))
    return Glyph(char, left, top, right, bottom, b * x + d * y + f, bold)


def _characters(page: PdfPage, budget: Budget) -> Iterator[tuple[str, Box, bool, float]]:
    """Each character that prints: its box and origin, whether it is bold, and the angle it is set at."""
    text = page.get_textpage()
    budget.characters(text.count_chars())
    box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    for index in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, index)
        char = chr(code) if 0x20 <= code < 0x110000 else ""
        if raw.FPDFText_HasUnicodeMapError(text, index) == 1:  # pdfium then gives the font's own number
            char = GARBLED
        if not char or char in _SPACES:  # what pdfium makes up itself is among them
            continue
        if not raw.FPDFText_GetLooseCharBox(text, index, ctypes.byref(box)):
            continue
        raw.FPDFText_GetCharOrigin(text, index, x, y)
        places = (box.left, box.bottom, box.right, box.top, x.value, y.value)
        angle = raw.FPDFText_GetCharAngle(text, index)
        if math.isfinite(sum(places) + angle):
            bold = raw.FPDFText_GetFontWeight(text, index) >= _BOLD_WEIGHT
            yield char, places, bold, angle % math.tau
    text.close()


def _frame(page: PdfPage, rotation: int) -> Frame:
    left, bottom, right, top = page.get_cropbox()
    width, height = page.get_size()
    matrix = PdfMatrix().translate(-(left + right) / 2, -(bottom + top) / 2).rotate(rotation)
    return Frame(width, height, matrix.scale(1, -1).translate(width / 2, height / 2))


def _askew(angle: float, upright: float) -> float:
    off = abs(angle - upright) % math.tau
    return min(off, math.tau - off)


def _once(glyphs: Iterator[Glyph]) -> list[Glyph]:
    """The glyphs without those printed twice in one place, as some programs print bold."""
    kept: list[Glyph] = []
    nearby: dict[str, Glyph] = {}
    for glyph in glyphs:
        twin = nearby.get(glyph.text)
        near = _SAME_PLACE * glyph.size
        if twin is None or abs(twin.left - glyph.left) > near or abs(twin.top - glyph.top) > near:
            kept.append(glyph)
            nearby[glyph.text] = glyph
    return kept


def rules_of(page: PdfPage, frame: Frame) -> list[Rule]:
    """The ruled lines of the page; none where it holds a drawing of many lines instead of a table."""
    rules: list[Rule] = []
    count = 0
    for path in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=2):
        matrix = path.get_matrix()
        if path.container is not None:
            matrix = matrix.multiply(path.container.get_matrix())
        matrix = matrix.multiply(frame.matrix)
        points: list[tuple[float, float]] = []
        segments = raw.FPDFPath_CountSegments(path)
        count += segments
        if count > _MOST_SEGMENTS:
            return []
        x, y = ctypes.c_float(), ctypes.c_float()
        for index in range(segments):
            segment = raw.FPDFPath_GetPathSegment(path, index)
            if not raw.FPDFPathSegment_GetPoint(segment, x, y):
                continue
            if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO:
                rules.extend(_straight(points))
                points = []
            points.append(matrix.on_point(x.value, y.value))
            if raw.FPDFPathSegment_GetClose(segment) and points:
                points.append(points[0])
        rules.extend(_straight(points))
    return rules


def _straight(points: list[tuple[float, float]]) -> Iterator[Rule]:
    for (x1, y1), (x2, y2) in pairwise(points):
        if not all(map(math.isfinite, (x1, y1, x2, y2))):
            continue
        if abs(x1 - x2) <= _STRAIGHT and abs(y1 - y2) >= _LEAST_RULE:
            yield Rule(True, (x1 + x2) / 2, min(y1, y2), max(y1, y2))
        elif abs(y1 - y2) <= _STRAIGHT and abs(x1 - x2) >= _LEAST_RULE:
            yield Rule(False, (y1 + y2) / 2, min(x1, x2), max(x1, x2))
