"""The step that takes in a report."""

from datetime import date
from functools import partial

from prefect.context import FlowRunContext
from prefect.states import Failed

from core.errors import NotFound
from core.files import FileStore
from core.put_aside import drop_aside, find_aside
from models.enums import Channel
from rectification.intake.import_report import draft_word, keep_original, register_report
from reports.reading import read_report
from tasks.step import Counts, day_of_run, task
from tasks.workplace import workplace


@task("读入一份存放的报告，生成待确认任务", run_name="{step} {{upload}}")
def take_in(upload: str, new_bureau: bool, day: date | None = None) -> tuple[date, Counts]:
    """Read the report and draft its tasks, in one step: what a report says does not travel between steps.

    Raises: NotFound, where no report waits under the key; whatever the reader and the heart refuse. A flow run is told
    the kind alone.
    """
    try:
        return _take_in(upload, new_bureau, day)
    except Exception as error:
        if FlowRunContext.get() is None:
            raise
        return Failed(message=f"报告未导入（{type(error).__name__}）：原因请用 rectify report import 查看")  # type: ignore[return-value]


def _take_in(upload: str, new_bureau: bool, day: date | None) -> tuple[date, Counts]:
    place = workplace()
    file = find_aside(place.with_files().report_dir, upload)
    if file is None:
        raise NotFound("没有存放过这份报告", "编号不对，或已导入", "请用 rectify report store 存放后再试")
    day_of_run("intake", day)
    clock = place.clock(day)
    parsed, settings = read_report(file), place.settings
    store = FileStore(settings.evidence_dir, max_bytes=settings.evidence_megabytes << 20)
    with place.database.unit_of_work() as session:
        is_final = not draft_word(parsed.title, parsed.name, parsed.text)
        made = register_report(
            *(session, clock, parsed),
            channel=Channel.FLOW,
            new_bureau=new_bureau,
            is_published=None if is_final else False,
        )
        with file.open("rb") as content:
            keep_original(session, made.report_id, parsed, partial(store.keep, content, file.name))
    drop_aside(file)
    return clock.today, {
        "report": made.report_id,
        "new": int(made.is_new),
        "shortcomings": made.shortcomings,
        "plans": made.plans,
    }
