"""销号/办结: asked for, confirmed, verified, approved, publicised; every stage is a signed row.

Timeliness is judged at submission. While reviewer or approver wait, the waiting is theirs: when a task comes back,
its clock resumes where it stood. What the officer takes back himself gives him no time.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from sqlalchemy import select

from core.text import tidied
from models.enums import ClosureStage, Verb
from models.task import Closure, ClosureStep, DoubtAnswer
from rectification.casework.extending import lapse_extension
from rectification.casework.moving import task_verb
from rectification.casework.resuming import days_waited, resume
from rectification.casework.task_in_hand import Case
from rectification.labels import NOT_ALL_DONE
from rectification.office.calendar import load_calendar
from rectification.task.doubts import Doubt, doubt_words


@task_verb(Verb.SUBMIT)
def submit(case: Case, statement: str, *, count_reason: str = "", despite_doubts: bool = False) -> str:
    """申请销号: the officer states that it is done; `count_reason` is why a count is not complete.

    What looks like a closing on paper only is told first, with what would dispel it; `despite_doubts` asks nonetheless.

    Raises: Refused, where something is missing, or doubts are told for the first time.
    """
    task = case.task
    if case.must_be_defended and case.doubts and not despite_doubts:
        refusal = case.refuse(
            f"有 {len(case.doubts)} 处疑点，复核人和审签人须逐条答复：{'；'.join(map(doubt_words, case.doubts))}",
            f"{'；'.join(each.dispelled_by for each in case.doubts)}。情况属实的，选“疑点属实，仍然申请”",
            command="--despite-doubts",
        )
        refusal.findings = case.doubts
        raise refusal
    reason = tidied(count_reason)
    said = "\n".join(filter(None, (case.words, reason and f"{NOT_ALL_DONE}{reason}")))
    closure = Closure(
        task_id=task.id,
        round=case.closing.round + 1 if case.closing else 1,
        statement=said,
        must_be_defended=case.must_be_defended,
    )
    case.rows.add(closure)
    _note_doubts(case, closure)
    case.session.flush()
    task.days_overdue_at_submission = case.overdue_days
    task.submitted_on = case.day
    task.is_confirmed = False
    lapse_extension(case)
    _sign(case, closure, ClosureStage.SUBMIT)
    return said


@task_verb(Verb.WITHDRAW)
def withdraw(case: Case, reason: str = "") -> None:
    """撤回申请: before anyone verified. The days in between are the officer's own."""
    _sign(case, _closure(case), ClosureStage.WITHDRAW)
    resume(case, waited=0)


@task_verb(Verb.CONFIRM)
def confirm(case: Case, verdict: str = "") -> None:
    """科室审核同意: the unit's head stands behind the request, where the bureau's setting asks for it."""
    if case.task.is_confirmed:
        raise case.refuse("科室负责人已经审核过了")
    _sign(case, _closure(case), ClosureStage.CONFIRM)
    case.task.is_confirmed, case.task.waiting_since = True, case.day


@task_verb(Verb.VERIFY)
def verify(
    case: Case, verdict: str, *, override: str = "", answer: Mapping[str, str] = MappingProxyType({})
) -> str:
    """复核通过: somebody without interest has looked at the evidence and says what was found.

    `override` is why a reviewer of the lead unit verifies nonetheless; it goes on record. `answer` says what was found
    of each doubt, by its code.

    Raises: Refused, for an interested person, without evidence, recorded without a paper, or where a doubt has no answer.
    """
    answered = _sign_with_answers(case, ClosureStage.VERIFY)
    reason = tidied(override)
    return "\n".join(filter(None, (case.words, reason and f"本科室复核理由：{reason}", *answered)))


@task_verb(Verb.RETURN)
def return_(case: Case, reason: str) -> None:
    """退回整改: not yet. The clock resumes; the days reviewer and approver took are added to the date."""
    _sign(case, _closure(case), ClosureStage.RETURN)
    resume(case, waited=days_waited(case))


@task_verb(Verb.APPROVE)
def approve(
    case: Case, verdict: str = "", *, minutes_no: str = "", answer: Mapping[str, str] = MappingProxyType({})
) -> str:
    """审签同意: closed, or publicised first where the task asks for it. `minutes_no` is a meeting's 纪要 number.

    Raises: Refused, for an interested person, who verified it himself, one below the level the task needs, or where a
    doubt has no answer.
    """
    task, closure = case.task, _closure(case)
    of_review = ClosureStep.closure_id == closure.id, ClosureStep.stage == ClosureStage.VERIFY
    if case.acting.actor.id in case.session.scalars(select(ClosureStep.person_id).where(*of_review)).all():
        raise case.refuse("复核和审签不能是同一个人", "请由其他有权审签的人审签")
    answered = _sign_with_answers(case, ClosureStage.APPROVE)
    if task.is_publicity_required:
        case.rows.alter(closure).publicise_until = last_day_of_publicity(case, case.clock.today)
        _sign(case, closure, ClosureStage.PUBLICISE)
    else:
        task.closed_on = case.day
    number = tidied(minutes_no)
    return "\n".join(filter(None, (case.words, number and f"会议纪要：{number}", *answered)))


@task_verb(Verb.CLOSE)
def close(case: Case, verdict: str = "") -> None:
    """公示期满销号: the days of publicity have passed and nobody objected.

    Raises: Refused, before they have.
    """
    _sign(case, _closure(case), ClosureStage.CLOSE)
    case.task.closed_on = case.day


@task_verb(Verb.OBJECT)
def object_(case: Case, reason: str) -> None:
    """公示有异议: back to work; the clock resumes."""
    _sign(case, _closure(case), ClosureStage.OBJECT)
    resume(case, waited=days_waited(case))


@task_verb(Verb.TERMINATE)
def terminate(case: Case, reason: str, *, minutes_no: str = "") -> str:
    """终止（不再整改）: the second honest ending (职能划转, 政策调整, 并入 …), signed like a closing.

    Raises: Refused, for an interested person, or one below the level the task needs.
    """
    lapse_extension(case)
    number_of = case.closing.round + 1 if case.closing else 1
    ending = case.rows.add(Closure(task_id=case.task.id, round=number_of, statement=""))
    case.session.flush()
    _sign(case, ending, ClosureStage.TERMINATE)
    number = tidied(minutes_no)
    return "\n".join(filter(None, (case.words, number and f"会议纪要：{number}")))


def last_day_of_publicity(case: Case, since: date) -> date:
    """Where others must be able to see it, the days run from the day it could be seen: a paper's entry, not its date."""
    return load_calendar(case.session).shift(since, case.policy.publicity_days)


def _closure(case: Case) -> Closure:
    """The closing under way."""
    if case.closing is None:
        raise RuntimeError(f"task {case.task.code} is {case.task.status} without a closure")
    return case.closing


def _note_doubts(case: Case, closure: Closure) -> None:
    """Keep what is doubted of a closing as it stands now."""
    closure.warnings = [{"code": each.code.value, "text": each.text} for each in case.doubts]


def _sign_with_answers(case: Case, stage: ClosureStage) -> list[str]:
    """Sign, with an answer to each doubt of the day; returns them in words."""
    closure = case.rows.alter(_closure(case))
    if closure.must_be_defended:
        _note_doubts(case, closure)
    step = _sign(case, closure, stage)
    case.session.flush()
    told = []
    for each in case.doubts:
        if words := case.given.answers.get(each.code):
            case.rows.add(DoubtAnswer(step_id=step.id, code=each.code.value, words=words))
            told.append(f"对疑点“{Doubt(each.code).word}”的答复：{words}")
    return told


def _sign(case: Case, closure: Closure, stage: ClosureStage) -> ClosureStep:
    """Put a signed stage on record: who, for which day, with what words, on which paper, written down by whom."""
    acting, given = case.acting, case.given
    return case.rows.add(
        ClosureStep(
            closure_id=closure.id,
            stage=stage,
            person_id=acting.actor.person_id,
            stands_in_for_id=case.stands_in_for,
            recorder_id=acting.recorder.id if acting.recorder else None,
            signed_on=case.day,
            verdict=case.words,
            paper_no=acting.paper.number if acting.paper else "",
            paper_date=acting.paper.dated if acting.paper else None,
            minutes_no=tidied(given.minutes_no)[:200],
            override_reason=tidied(given.override),
            created_at=case.clock.now,
        )
    )
