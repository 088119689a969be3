"""What leaders print: one sheet stays one sheet, however much there is to tell."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select

from core.db import Database
from core.settings import Settings
from models.enums import Status
from models.task import RectificationTask
from tests.browser.conftest import PATIENCE_MS, Site
from tests.browser.test_main_paths import come_in

LONG = "统筹推进跨部门综合监管事项清单编制和联合检查结果互认互用长效机制建设" * 3


def _overload(folder: Path) -> None:
    """Sixty tasks more, with long names, overdue and recurring."""
    with Database(Settings(data_dir=folder).database).unit_of_work() as session:
        running = RectificationTask.status == Status.IN_PROGRESS
        model = session.scalars(select(RectificationTask).where(running).limit(1)).one()
        kept = ("id", "code", "title", "deadline_on", "is_recurring")
        columns = {
            column.key: getattr(model, column.key)
            for column in RectificationTask.__mapper__.columns
            if column.key not in kept
        }
        assert model.issued_on is not None
        session.add_all(
            RectificationTask(
                **columns,
                code=f"X-{number}",
                title=LONG,
                is_recurring=True,
                deadline_on=model.issued_on + timedelta(days=5 * number),
            )
            for number in range(60)
        )


@pytest.mark.parametrize("is_overloaded", [False, True], ids=["a few tasks", "many with long names"])
def test_the_leaders_sheet_is_one_a4(
    chromium: Browser, site: Site, tmp_path: Path, is_overloaded: bool
) -> None:
    if is_overloaded:
        _overload(tmp_path / "demo")
    context = chromium.new_context(locale="zh-CN", base_url=site.address)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    come_in(page, "he")
    page.goto("/summary")
    paper = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
    assert ("列前 8 项" in page.content()) is is_overloaded
    context.close()
