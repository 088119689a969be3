"""What a paper says of the head's duty (第一责任人履职): meetings, instructions, listed supervision, signatures."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from core.text import one_line
from documents.sentences import TO_FILL, stopped
from rectification.halfyear.duty import DutyFacts, Instruction, Meeting
from rectification.task.time_limits import day_text

_EVERYTHING = 10_000
_LEARNING: Final = re.compile("学法|学习|法治讲座|宪法宣誓")


def duty_lines(facts: DutyFacts, *, listed: int = _EVERYTHING, is_outline: bool = False) -> Iterator[str]:
    """The facts as lines, `listed` of a kind at most; what is not known is left out, but an outline asks for meetings."""
    learned = [meeting for meeting in facts.hearings if _LEARNING.search(meeting.topic)]
    heard = [meeting for meeting in facts.hearings if meeting not in learned]
    if heard or is_outline:
        yield f"听取法治建设工作汇报{f'{len(heard)}次。' if heard else f'{TO_FILL}台账没有登记会议。'}"
    yield from _listed([_meeting(meeting) for meeting in heard], listed)
    decided = [code for meeting in heard for code in meeting.decided]
    if decided:
        yield f"会议议定事项{len(decided)}项，均已列入台账督办（{'、'.join(decided[:listed])}{'等' if decided[listed:] else ''}）。"
    if learned:
        yield f"集体学法{len(learned)}次。"
    yield from _listed([_meeting(meeting) for meeting in learned], listed)
    yield from _acts("主要负责人批示", _own(facts.instructions), listed)
    yield from _acts("主要负责人挂牌督办", _own(facts.supervisions), listed)
    yield from _acts("主要负责人审签销号、办结、终止", facts.approvals, listed)


def _own(acts: Sequence[Instruction]) -> list[Instruction]:
    """What the head did himself: other leaders' and the clerk's acts are no proof of his duty."""
    return [act for act in acts if act.is_chief]


def _meeting(meeting: Meeting) -> str:
    minutes = meeting.minutes_no or "【请填写纪要编号】"
    decided = f"，议定事项{len(meeting.decided)}项" if meeting.decided else ""
    chair = f"{meeting.presided_by}主持" if meeting.presided_by else ""
    body = meeting_name(meeting.body)
    return f"{day_text(meeting.held_on)}，{chair}{body}{_did(meeting.topic)}（{minutes}）{decided}。"


def meeting_name(body: str) -> str:
    """党组会议, 局长办公会."""
    return body if body.endswith("会") else f"{body}会议"


def _did(topic: str) -> str:
    """What a meeting did, by its topic."""
    return topic if topic.startswith(("听取", "学习", "研究", "审议", "传达")) else f"研究“{topic}”"


def _acts(name: str, acts: Sequence[Instruction], listed: int) -> Iterator[str]:
    if not acts:
        return
    yield f"{name}{len(acts)}件次。"
    yield from _listed([_act(act) for act in acts], listed)


def _act(act: Instruction) -> str:
    words = one_line(act.text)
    said = f"：{words}" if words else ""
    return stopped(f"{day_text(act.day)}，{act.person}（{act.code}）{said}")


def _listed(lines: Sequence[str], listed: int) -> Iterator[str]:
    yield from lines[:listed]
    if len(lines) > listed:
        yield f"其余{len(lines) - listed}项从略。"
