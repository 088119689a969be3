"""整改情况报告: what became of one source's list (one 文号), reported back to whoever sent it."""

from collections.abc import Iterator, Sequence

from documents.halfyear.annex import annex_lines
from documents.halfyear.briefing_lists import late_lines
from documents.sentences import DRAFT_MARK, TO_FILL, plain
from documents.word.layout import OfficialPaper
from rectification.lists.figures import RATE_FORMULA, Row, by_number, tally
from rectification.tables.source_report import SourceReport
from rectification.task.time_limits import day_text


def write_rectification_report(report: SourceReport) -> bytes:
    """The report as Word; the same rows give the same bytes."""
    paper = OfficialPaper("整改情况报告")
    about = f"《{report.title}》" + (f"（{report.paper_no}）" if report.paper_no else "")
    paper.title(f"{report.bureau}\n关于{about}\n整改情况的报告")
    if report.issuing_body:
        paper.salute(f"{report.issuing_body}：")
    paper.paragraph(DRAFT_MARK)
    received = f"{day_text(report.received_on)}收到" if report.received_on else "收到"
    paper.paragraph(f"我单位{received}{about}后，逐项明确责任单位、责任人和整改时限。现将整改情况报告如下：")
    paper.heading(1, "一、总体情况")
    paper.paragraph(_overall(report))
    paper.heading(1, "二、逐项整改情况")
    for number, line in enumerate(annex_lines(report.rows), 1):
        said = line.progress.replace("\n", " ") or f"{TO_FILL}整改措施和成效"
        paper.paragraph(
            f"{number}.{line.text.rstrip('。')}（{line.code}）。{line.state.replace(chr(10), '')}。{said}"
        )
    for number, other in enumerate(report.elsewhere, len(report.rows) + 1):
        paper.paragraph(f"{number}.{other.text.rstrip('。')}（{other.code}）。{other.where}。")
    paper.heading(1, "三、尚未完成的事项和原因")
    for sentence in late_lines(report.rows, report.as_of, listed=len(report.rows)):
        paper.paragraph(plain(sentence))
    paper.heading(1, "四、下一步打算")
    paper.paragraph(TO_FILL)
    paper.sign_off(report.bureau, None)
    return paper.to_bytes()


def _overall(report: SourceReport) -> str:
    hidden = f"另有仅限指定人员查看的事项{report.left_out}项，未列入本报告。" if report.left_out else ""
    merged = sum(line.is_merged for line in report.elsewhere)
    passed = len(report.elsewhere) - merged
    parts = [*_counts(report.rows)]
    parts += [f"并入其他任务一并整改{merged}项"] if merged else []
    parts += [f"交办下级单位整改{passed}项"] if passed else []
    as_of = day_text(report.as_of)
    if not parts:
        return f"截至{as_of}，没有可以列入本报告的事项。{hidden}"
    total = len(report.rows) + len(report.elsewhere)
    return f"截至{as_of}，涉及我单位的事项共{total}项：{'；'.join(parts)}。{hidden}"


def _counts(rows: Sequence[Row]) -> Iterator[str]:
    """Problems and plans of the list, counted apart."""
    for are_problems, name, done, doing in (
        (True, "问题", "销号", "整改"),
        (False, "工作任务", "办结", "办理"),
    ):
        asked = [row for row in rows if row.is_problem is are_problems]
        figures = tally(asked)
        if asked:
            ended = f"，经批准终止{figures.terminated}项" if figures.terminated else ""
            late = f"其中超过时限{figures.overdue}项"
            rate = f"，整改率{figures.rate}（{RATE_FORMULA}）" if are_problems else ""
            counts = f"已{done}{figures.closed}项，正在{doing}{figures.running}项，{late}{ended}{rate}"
            yield f"{name}{len(asked)}项，{counts}{by_number(asked, doing)}"
