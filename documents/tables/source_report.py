"""整改情况报告: what became of one source's list (one 文号), point by point, reported back to whoever sent it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from documents.halfyear.briefing_lists import standing
from documents.sentences import DRAFT_MARK, TO_FILL, result_words, stopped
from documents.word.layout import OfficialPaper
from models.enums import ClosureStage, Status, StepKind
from rectification.labels import closing_noun
from rectification.lists.case_file import CaseFile
from rectification.lists.figures import RATE_FORMULA, Row, by_number, number_text, tally
from rectification.lists.source_steps import StepLine, counts_text
from rectification.tables.measure_lines import measure_line
from rectification.tables.source_report import WAITING, ElsewhereLine, SourceReport
from rectification.task.drafting import code_order
from rectification.task.lifecycle import OPEN
from rectification.task.time_limits import day_text

_DOING: Final = {True: "整改", False: "办理"}
_DONE: Final = {True: "整改", False: "完成"}
_PARTS: Final = {True: "问题整改情况", False: "工作任务办理情况"}


def write_rectification_report(report: SourceReport) -> bytes:
    """The report as Word; the same rows give the same bytes."""
    paper = OfficialPaper("整改情况报告")
    paper.title(f"{report.bureau}\n关于《{report.title}》\n整改情况的报告")
    paper.salute(f"{report.issuing_body or '【请填写主送机关】'}：")
    paper.paragraph(DRAFT_MARK)
    received = f"{day_text(report.received_on)}收到" if report.received_on else "收到"
    about = f"《{report.title}》" + (f"（{report.paper_no}）" if report.paper_no else "")
    paper.paragraph(f"我单位{received}{about}后，逐项明确责任单位、责任人和整改时限。现将整改情况报告如下：")
    paper.heading(1, "一、总体情况")
    for line in (_overall(report), *_work(report.steps)):
        paper.paragraph(line)
    numerals, number = iter("二三四"), 0
    everything: list[Row | ElsewhereLine] = [*report.rows, *report.elsewhere]
    for are_problems, head in _PARTS.items():
        points = [each for each in everything if each.is_problem is are_problems]
        if points:
            paper.heading(1, f"{next(numerals)}、{head}")
        for point in sorted(points, key=lambda each: code_order(each.code)):
            number += 1
            paper.heading(3, f"{number}.{stopped(_on_one_line(point.text))}")
            for line in _point(point, report.files[point.code]):
                paper.paragraph(line)
    paper.heading(1, f"{next(numerals)}、下一步打算")
    left = sum(row.status in OPEN for row in report.rows)
    paper.paragraph(f"继续抓好尚未完成的{left}项，逐项落实责任和时限。{TO_FILL}" if left else TO_FILL)
    paper.sign_off(report.bureau, None)
    return paper.to_bytes()


def _point(point: Row | ElsewhereLine, file: CaseFile) -> Iterator[str]:
    """A point answered: goal, measures with their dates, what was done, and how it stands."""
    if isinstance(point, ElsewhereLine):
        yield f"{point.where}。" + ("【请填写整改措施和时限】" if point.how == WAITING else "")
        return
    doing = _DOING[point.is_problem]
    if file.goal:
        yield f"{doing}目标：{stopped(_on_one_line(file.goal))}"
    measures = [measure_line(replace(measure, owner="")) for measure in file.measures]
    if len(measures) > 1:
        measures = [f"（{place}）{line.rstrip('。；')}" for place, line in enumerate(measures, 1)]
    if measures or point.is_problem:
        yield f"{doing}措施：{stopped('；'.join(measures) or TO_FILL)}"
    done = result_words(point.statement) or stopped(_on_one_line(point.progress) or TO_FILL)
    yield f"{doing}情况：{done}"
    yield f"{doing}结果：{_result(point, file)}"


def _result(row: Row, file: CaseFile) -> str:
    """How it stands; where it is not finished, why, and until when it will be."""
    counted = (
        f"{number_text(row.count_done or 0, row.count_total, _DONE[row.is_problem])}，"
        if row.count_total
        else ""
    )
    said = f"{counted}{standing(row)}。"
    if row.status is Status.TERMINATED:
        step = file.closures[-1].last(ClosureStage.TERMINATE) if file.closures else None
        return f"{said}理由：{stopped((step and step.verdict) or TO_FILL)}"
    if not (row.status in OPEN and (row.overdue_days or row.missed_days)):
        return said
    until = f"【请填写何时{closing_noun(row.kind)}】"
    return f"{said}未完成的原因：{stopped(_on_one_line(row.late_reason) or TO_FILL)}{until}"


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _overall(report: SourceReport) -> str:
    hidden = f"另有仅限指定人员查看的事项{report.left_out}项，未列入本报告。" if report.left_out else ""
    others = Counter(line.how for line in report.elsewhere)
    parts = [*_counts(report.rows), *(f"{how}{n}项" for how, n in others.items())]
    as_of = day_text(report.as_of)
    if not parts:
        return f"截至{as_of}，没有可以列入本报告的事项。{hidden}"
    total = len(report.rows) + len(report.elsewhere)
    return f"截至{as_of}，涉及我单位的事项共{total}项：{'；'.join(parts)}。{hidden}"


def _work(steps: Sequence[StepLine]) -> Iterator[str]:
    """The stages, the counts, and each step that has more to say than its count."""
    stages = [step.line for step in steps if step.kind is StepKind.STAGE]
    if stages:
        yield f"工作分阶段推进：{'；'.join(stages)}。"
    if counts := counts_text(steps):
        told = [
            step.line for step in steps if step.number and (step.paper_no or step.text not in ("", step.what))
        ]
        yield f"整改以来，{counts}。" + (f"其中，{'；'.join(told)}。" if told else "")


def _counts(rows: Sequence[Row]) -> Iterator[str]:
    """Problems and plans of the list, counted apart."""
    for are_problems, name, done in ((True, "问题", "销号"), (False, "工作任务", "办结")):
        asked = [row for row in rows if row.is_problem is are_problems]
        figures = tally(asked)
        if asked:
            ended = f"，经批准终止{figures.terminated}项" if figures.terminated else ""
            late = f"其中超过时限{figures.overdue}项"
            rate = f"，整改率{figures.rate}（{RATE_FORMULA}）" if are_problems else ""
            counts = f"已{done}{figures.closed}项，正在{_DOING[are_problems]}{figures.running}项，{late}{ended}{rate}"
            yield f"{name}{len(asked)}项，{counts}{by_number(asked, _DONE[are_problems])}"
