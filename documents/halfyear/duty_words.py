"""What a paper says of the head's duty (第一责任人履职): meetings, instructions, listed supervision, signatures."""

from collections.abc import Iterator, Sequence

from core.text import one_line
from documents.sentences import TO_FILL
from rectification.halfyear.duty import DutyFacts, Instruction, Meeting
from rectification.task.time_limits import day_text

_EVERYTHING = 10_000


def duty_lines(facts: DutyFacts, *, listed: int = _EVERYTHING) -> Iterator[str]:
    """The facts as lines, `listed` of a kind at most; of a kind the ledger has nothing of, only meetings are asked for."""
    heard = f"{len(facts.hearings)}次。" if facts.hearings else f"{TO_FILL}台账没有登记会议。"
    yield f"听取法治建设工作汇报{heard}"
    yield from _listed([_meeting(meeting) for meeting in facts.hearings], listed)
    by_chief = [act for act in facts.instructions if act.is_chief]
    by_others = [act for act in facts.instructions if not act.is_chief]
    yield from _acts("主要负责人批示", by_chief, listed)
    yield from _acts("分管领导批示", by_others, listed)
    yield from _acts("挂牌督办", facts.supervisions, listed)
    yield from _acts("主要负责人审签销号、办结", facts.approvals, listed)


def _meeting(meeting: Meeting) -> str:
    minutes = meeting.minutes_no or "【请填写纪要编号】"
    decided = f"，议定事项{len(meeting.decided)}项" if meeting.decided else ""
    codes = f"（{'、'.join(meeting.decided)}）" if meeting.decided else ""
    return f"{day_text(meeting.held_on)}，{meeting.body}，{meeting.topic}，{minutes}{decided}{codes}。"


def _acts(name: str, acts: Sequence[Instruction], listed: int) -> Iterator[str]:
    if not acts:
        return
    yield f"{name}{len(acts)}件次。"
    yield from _listed([_act(act) for act in acts], listed)


def _act(act: Instruction) -> str:
    words = one_line(act.text)
    said = f"：{words}" if words else ""
    line = f"{day_text(act.day)}，{act.person}（{act.code}）{said}"
    return line if line.endswith(("。", "！", "？")) else f"{line}。"


def _listed(lines: Sequence[str], listed: int) -> Iterator[str]:
    yield from lines[:listed]
    if len(lines) > listed:
        yield f"其余{len(lines) - listed}项从略。"
