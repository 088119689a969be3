"""The drafts for the annual report as a Word document: every sentence names the tasks it stands on."""

from collections.abc import Sequence

from documents.sentences import DRAFT_MARK, TO_FILL, plain
from documents.word.layout import OfficialPaper
from documents.yearly.annual_words import Traced, annual_words
from rectification.task.time_limits import day_text
from rectification.yearly.drafts import AnnualDraft
from rectification.yearly.promises import ClaimLine

_LISTED = 3


def write_annual_draft(draft: AnnualDraft, claims: Sequence[ClaimLine] | None = None) -> bytes:
    """The drafts; `claims` are laid beside the ledger in an annex, where that report is there already."""
    words = annual_words(draft)
    paper = OfficialPaper(f"{draft.year}年度法治政府建设报告素材")
    paper.title(f"{draft.bureau}\n{draft.year}年度法治政府建设报告素材")
    paper.paragraph(f"{DRAFT_MARK}台账数据截至{day_text(draft.as_of)}，括号内为所依据任务的编号。")
    paper.heading(1, "一、上年度不足和安排的落实情况")
    _traced(paper, words.promised, "台账中没有相关事项。")
    if words.results:
        paper.heading(2, words.results_head)
    _traced(paper, words.results, "")
    paper.heading(1, "二、存在的不足")
    _traced(paper, words.shortcomings, f"台账中没有未完成整改的问题。{TO_FILL}")
    paper.heading(1, "三、下一年度主要安排")
    _traced(paper, words.plans, f"台账中没有需要结转的事项。{TO_FILL}")
    if words.duty:
        paper.heading(1, "四、主要负责人履行推进法治建设第一责任人职责、述法素材")
    for line in words.duty:
        paper.paragraph(line)
    if draft.left_out:
        paper.paragraph(f"另有仅限指定人员查看的事项{draft.left_out}项，未列入本素材。")
    if claims:
        _beside(paper, draft, claims)
    return paper.to_bytes()


def write_duty_sheet(draft: AnnualDraft) -> bytes:
    """The fact sheet for 第一责任人履职 and 述法, on its own."""
    title = f"{draft.year}年度主要负责人履行推进\n法治建设第一责任人职责情况"
    paper = OfficialPaper(title.replace("\n", ""))
    paper.title(f"{draft.bureau}\n{title}\n（述法素材）")
    paper.paragraph(f"{DRAFT_MARK}台账数据截至{day_text(draft.as_of)}，括号内为所依据任务的编号。")
    for line in annual_words(draft).duty or ("台账中没有相关记录。",):
        paper.paragraph(line)
    return paper.to_bytes()


def _traced(paper: OfficialPaper, sentences: Sequence[Traced], nothing: str) -> None:
    if not sentences:
        paper.paragraph(nothing)
    for number, said in enumerate(sentences, 1):
        rest = f"等{len(said.codes)}项" if len(said.codes) > _LISTED else ""
        paper.paragraph(f"{number}.{plain(said.said)}（{'、'.join(said.codes[:_LISTED])}{rest}）")


def _beside(paper: OfficialPaper, draft: AnnualDraft, claims: Sequence[ClaimLine]) -> None:
    paper.attachment_note(["报告表述与台账对照"])
    paper.start_attachment("附件", f"{draft.year}年度报告表述与台账对照", is_landscape=True)
    rows = [
        (
            line.code,
            line.text,
            f"{line.state}\n超期{line.overdue_days}天" if line.overdue_days else line.state,
            "\n".join(line.claims) or "（报告中没有找到相近表述）",
        )
        for line in claims
    ]
    paper.table(("编号", "台账事项", "年末状态", "报告中的相近表述"), (22, 85, 28, 110), rows)
