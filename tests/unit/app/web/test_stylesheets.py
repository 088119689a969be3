"""What the style sheets promise without a browser: nothing is written smaller than second text."""

import re
from pathlib import Path

import pytest

from app.web.assets import STATIC
from app.web.pages import STYLESHEETS

BASE, SMALLEST = 16, 14
_SIZE = re.compile(r"(?:font-size:|--text-\w+:|font:[^;/]*?)\s*([\d.]+)(px|rem|em)\b")
_TOO_NEW = re.compile(
    r":is\(|:where\(|:not\([^)]*,|[{};]\s*&|@layer|@container|@scope"
    r"|(?:margin|padding|inset|border)-(?:block|inline):|\binset:|(?:align|justify)-\w+: (?:start|end)\b|aspect-ratio"
    r"|\d[dsl]v[hw]\b|color-mix|oklch"
    r"|\?\.\D|\?\?|\|\|=|&&=|replaceAll|\.at\(|structuredClone|showModal|hasOwn"
)
_PAPER = re.compile(r"@media print \{.*\n\}", re.DOTALL)


@pytest.mark.parametrize("sheet", STYLESHEETS)
def test_no_text_is_smaller_than_second_text(sheet: str) -> None:
    text = _PAPER.sub("", (STATIC / sheet).read_text(encoding="utf-8"))
    sizes = [float(number) * (1 if unit == "px" else BASE) for number, unit in _SIZE.findall(text)]
    assert [size for size in sizes if size < SMALLEST and size] == []


def test_the_base_is_sixteen_and_second_text_fourteen() -> None:
    tokens = (STATIC / "tokens.css").read_text(encoding="utf-8")
    assert "--text-m: 1rem;" in tokens
    assert "--text-s: 0.875rem;" in tokens
    assert "html { font-size: 16px;" in (STATIC / "frame.css").read_text(encoding="utf-8")


@pytest.mark.parametrize("file", sorted(STATIC.glob("*.[cj]s*")), ids=lambda file: file.name)
def test_a_browser_of_2020_understands_every_rule_and_script(file: Path) -> None:
    """Chromium 86 drops a whole rule, or a whole script, for one word it does not know (:has alone may go: it widens a table)."""
    assert _TOO_NEW.findall(file.read_text(encoding="utf-8")) == []
