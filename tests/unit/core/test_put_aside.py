"""Files put aside until they are taken in."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.put_aside import drop_stale, find_aside, put_aside

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
WEEK = timedelta(days=7)


def test_what_nobody_took_in_for_a_week_is_dropped_and_nothing_else(tmp_path: Path) -> None:
    old, _ = put_aside(tmp_path, "报告.docx", b"old", NOW - WEEK - timedelta(minutes=1))
    young, place = put_aside(tmp_path, "报告.docx", b"young", NOW - WEEK)
    assert drop_stale(tmp_path, NOW, WEEK) == 1
    assert find_aside(tmp_path, old) is None
    assert find_aside(tmp_path, young) == place
    assert [folder.name for folder in tmp_path.iterdir()] == [young]
    put_aside(tmp_path, "报告.docx", b"young", NOW)  # stored again, it waits anew
    assert drop_stale(tmp_path, NOW + WEEK, WEEK) == 0
    assert drop_stale(tmp_path / "never", NOW, WEEK) == 0
