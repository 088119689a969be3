"""The drafts for the annual report as a Word document: every sentence names the tasks it stands on."""

from collections.abc import Iterable, Sequence

from documents.layout import OfficialPaper
from documents.sentences import DRAFT_MARK, TO_FILL
from rectification.annual_drafts import AnnualDraft, Instruction, Traced
from rectification.claims import ClaimLine
from rectification.timelimits import day_text

_LISTED = 12


def write_annual_draft(draft: AnnualDraft, claims: Sequence[ClaimLine] = ()) -> bytes:
    """The drafts; `claims` are laid beside the ledger in an annex, where that report is there already."""
    paper = OfficialPaper(f"{draft.year}年度法治政府建设报告素材")
    paper.title(f"{draft.bureau}\n{draft.year}年度法治政府建设报告素材")
    paper.paragraph(f"{DRAFT_MARK}台账数据截至{day_text(draft.as_of)}，括号内为所依据任务的编号。")
    paper.heading(1, "一、上年度不足和安排的落实情况")
    _traced(paper, draft.promised, "台账中没有相关事项。")
    paper.heading(1, "二、存在的不足")
    _traced(paper, draft.shortcomings, f"台账中没有未完成整改的问题。{TO_FILL}")
    paper.heading(1, "三、下一年度主要安排")
    _traced(paper, draft.plans, f"台账中没有需要结转的事项。{TO_FILL}")
    paper.heading(1, "四、主要负责人履行推进法治建设第一责任人职责、述法素材")
    for line in _duty(draft):
        paper.paragraph(line)
    if claims:
        _beside(paper, draft, claims)
    return paper.to_bytes()


def _traced(paper: OfficialPaper, sentences: Sequence[Traced], nothing: str) -> None:
    if not sentences:
        paper.paragraph(nothing)
    for number, said in enumerate(sentences, 1):
        codes = "、".join(said.codes[:_LISTED]) + ("等" if len(said.codes) > _LISTED else "")
        paper.paragraph(f"{number}.{said.text}（{codes}）")


def _duty(draft: AnnualDraft) -> Iterable[str]:
    duty = draft.duty
    yield f"听取法治建设工作汇报{len(duty.hearings)}次。"
    for heard in duty.hearings:
        minutes = f"，{heard.minutes_no}" if heard.minutes_no else "，【请填写纪要编号】"
        decided = f"，议定事项{len(heard.resolutions)}项" if heard.resolutions else ""
        yield f"{day_text(heard.held_on)}，{heard.body}，{heard.topic}{minutes}{decided}。"
    yield from _acts("批示", duty.instructions)
    yield from _acts("挂牌督办", duty.supervisions)
    yield from _acts("审签销号", duty.approvals)


def _acts(name: str, acts: Sequence[Instruction]) -> Iterable[str]:
    yield f"{name}{len(acts)}件次。"
    for act in acts:
        words = f"：{' '.join(act.text.split())}" if act.text else ""
        yield f"{day_text(act.day)}，{act.person}（{act.code}）{words}"


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
