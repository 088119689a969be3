"""A closing on paper is seen, and an honest officer is left in peace: each doubt with what raises it and what does not."""

import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.enums import EvidenceKind
from rectification.task.doubts import Doubt, doubt_words, doubts
from rectification.task.proof import BLANK, WHOLE, BindingMeasure, Dossier, Exhibit, LastTime

ISSUED = date(2026, 3, 2)


def moment(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


SUBMITTED = moment(2026, 5, 29, 10, 0)
RECORD = Exhibit(
    "7件案卷补正台账.xlsx",
    moment(2026, 4, 20, 15, 0),
    date(2026, 4, 18),
    EvidenceKind.REGISTER,
    proves=frozenset({1}),
    own_text="清河县水利局案卷补正台账\n"
    + "\n".join(f"{n} | 清水罚〔2025〕{n}号 | 已补正" for n in range(1, 8)),
)
RULE = Exhibit(
    "案卷归档核对办法.docx",
    moment(2026, 5, 20, 9, 0),
    date(2026, 5, 12),
    EvidenceKind.RULE,
    proves=frozenset({2}),
    own_text="清河县水利局文件\n关于印发《案卷归档核对办法》的通知\n各股室：\n请遵照执行。\n清河县水利局\n2026年5月12日",
)
SOUND = Dossier(
    issued_on=ISSUED,
    needs_proof=True,
    exhibits=(RECORD, RULE),
    measures=(
        BindingMeasure("对7件问题案卷逐件补正", is_done=True, position=1, due_on=date(2026, 4, 30)),
        BindingMeasure("建立归档前核对制度", is_done=True, position=2, due_on=date(2026, 5, 31)),
    ),
    count_total=7,
    count_done=7,
    statement="评查指出的7件案卷4月补正完，说明已入卷。核对办法5月12日印发，新归档的3件已照办。",
    others=(("2026-009", "已建立双随机抽查名录库，按季度公示结果。"),),
    code="2026-007",
    due_on=date(2026, 6, 30),
    problem="抽查行政处罚案卷20件，发现7件送达回证填写不规范。",
    goal="问题案卷全部补正，不再出现同类问题。",
    own_names=("清河县水利局", "政策法规股"),
    submitted_on=SUBMITTED.date(),
    submitted_at=SUBMITTED,
    reported_on=(date(2026, 4, 20),),
)


def found(dossier: Dossier) -> set[str]:
    return {finding.code for finding in doubts(dossier)}


def test_a_doubt_is_told_by_kind_code_and_reason() -> None:
    [finding] = doubts(replace(SOUND, submitted_on=ISSUED))
    assert doubt_words(finding) == "下达不久就申请（hasty）：2026-03-02 下达，当天就申请"


def told(**changes: Any) -> set[str]:
    if at := changes.get("submitted_at"):
        changes["submitted_on"] = at.date()
    return found(replace(SOUND, **changes))


def with_record(**changes: Any) -> set[str]:
    """The doubts where the register of the first measure is another."""
    return told(exhibits=(replace(RECORD, **changes), RULE))


def beside(name: str, **about: Any) -> set[str]:
    """The doubts where one more piece, tied to a measure that has its own proof, is in the file."""
    about = {"proves": frozenset({1}), **about}
    return told(exhibits=(RECORD, RULE, Exhibit(name, moment(2026, 5, 20, 9, 0), **about)))


def test_a_sound_file_raises_nothing() -> None:
    assert found(SOUND) == set()


def test_each_doubt_has_a_word_of_its_own_and_says_what_dispels_it() -> None:
    assert len({doubt.word for doubt in Doubt}) == len(Doubt)
    assert all(doubt.dispelled_by for doubt in Doubt)
    [finding] = doubts(replace(SOUND, submitted_on=ISSUED))
    assert (finding.code, finding.dispelled_by) == (Doubt.HASTY, Doubt.HASTY.dispelled_by)
    assert "2026-03-02" in finding.text


@pytest.mark.parametrize(("days", "is_doubted"), [(0, True), (1, True), (2, True), (3, False), (40, False)])
def test_a_request_is_hasty_long_before_the_first_measure_could_be_done(days: int, is_doubted: bool) -> None:
    day = moment(2026, 3, 2, 17, 0) + timedelta(days)
    assert told(submitted_at=day) == ({Doubt.HASTY} if is_doubted else set())


def test_what_is_to_be_done_at_once_may_be_done_the_next_day() -> None:
    at_once = (BindingMeasure("补公示", is_done=True, due_on=date(2026, 3, 5)),)
    pieces = (replace(RECORD, proves=frozenset({1})),)
    for days, codes in ((0, {Doubt.HASTY}), (1, set())):
        day = moment(2026, 3, 2, 9, 0) + timedelta(days)
        assert told(measures=at_once, exhibits=pieces, submitted_at=day) == codes


def test_without_dates_of_measures_the_task_s_own_date_counts() -> None:
    undated = tuple(replace(each, due_on=None) for each in SOUND.measures)
    assert told(measures=undated, submitted_at=moment(2026, 3, 4, 9, 0)) == {Doubt.HASTY}
    assert told(measures=undated, due_on=None, submitted_at=moment(2026, 3, 4, 9, 0)) == set()


def at_the_end(minutes: int) -> tuple[Exhibit, ...]:
    return tuple(replace(each, added_at=SUBMITTED - timedelta(minutes=minutes)) for each in SOUND.exhibits)


def test_all_papers_at_the_end_after_a_long_silence_are_doubted() -> None:
    assert told(exhibits=at_the_end(3), reported_on=()) == {Doubt.LAST_MINUTE}
    assert told(exhibits=at_the_end(3), reported_on=(date(2026, 3, 20),)) == {Doubt.LAST_MINUTE}
    assert told(exhibits=at_the_end(3), reported_on=(SUBMITTED.date(),)) == {Doubt.LAST_MINUTE}


def test_a_busy_officer_who_uploads_all_at_once_is_not_doubted() -> None:
    assert told(exhibits=at_the_end(3), reported_on=(date(2026, 4, 20), date(2026, 5, 26))) == set()
    assert told(exhibits=at_the_end(180), reported_on=()) == set()
    assert told(exhibits=(at_the_end(3)[0], RULE), reported_on=()) == set()


def test_the_number_of_a_paper_in_the_archive_comes_when_the_request_does() -> None:
    numbers = tuple(replace(each, is_paper=True) for each in at_the_end(3))
    assert told(exhibits=numbers, reported_on=()) == set()


def test_a_day_that_was_said_says_nothing_of_the_hour() -> None:
    at = SUBMITTED - timedelta(days=40)
    pieces = tuple(replace(each, added_at=at) for each in SOUND.exhibits)
    late = replace(SOUND, exhibits=pieces, reported_on=(), submitted_at=at)
    assert found(late) == set()
    assert found(replace(late, submitted_on=at.date() + timedelta(days=1))) == {Doubt.LAST_MINUTE}


def test_papers_recorded_after_a_closing_on_paper_are_not_late() -> None:
    assert told(exhibits=at_the_end(3), reported_on=(), submitted_at=None) == set()
    assert told(exhibits=at_the_end(-60 * 24), reported_on=()) == set()


@pytest.mark.parametrize(("hour", "codes"), [(9, {Doubt.NOTHING_NEW}), (8, set())])
def test_after_a_return_something_new_is_expected(hour: int, codes: set[str]) -> None:
    """By the hour: what came on the day of the request before it is not new, what came after it is."""
    assert told(last_submitted_at=moment(2026, 5, 20, hour)) == codes


def test_a_measure_without_evidence_is_doubted_unless_the_statement_tells_of_it() -> None:
    assert told(exhibits=(RECORD,), statement="7件案卷已补正。") == {Doubt.UNPROVED_MEASURE}
    assert told(exhibits=(RECORD,), statement="7件案卷已补正，制度建了。") == {Doubt.UNPROVED_MEASURE}
    assert told(exhibits=(RECORD,), statement="7件案卷已补正。归档核对制度5月12日建立。") == set()


def test_what_proves_the_whole_proves_the_only_measure() -> None:
    whole = (replace(RECORD, proves=frozenset({WHOLE})),)
    assert told(exhibits=whole, measures=SOUND.measures[:1]) == set()
    assert told(exhibits=whole, statement="7件都改了。") == {Doubt.UNPROVED_MEASURE}


def test_a_count_that_was_not_reached_is_doubted() -> None:
    assert told(count_done=6) == told(count_done=None) == {Doubt.COUNT_SHORT}
    assert told(count_done=8) == told(count_total=None, count_done=None) == set()


def test_a_measure_not_done_is_no_doubt_but_a_block() -> None:
    one_open = (SOUND.measures[0], replace(SOUND.measures[1], is_done=False))
    assert told(exhibits=(RECORD,), measures=one_open) == set()


def test_one_picture_for_everything_is_doubted() -> None:
    photo = Exhibit("整改现场.jpg", RULE.added_at, kind=EvidenceKind.PHOTO, proves=frozenset({1, 2}))
    assert told(exhibits=(RECORD, photo)) == {Doubt.ONE_FOR_ALL}
    assert told(exhibits=(RECORD, RULE, photo)) == set()
    counted = replace(photo, proves=frozenset({WHOLE, 1}))
    assert told(exhibits=(RECORD, RULE, counted)) == set()
    report = replace(photo, name="整改报告.docx", kind=EvidenceKind.OTHER)
    assert told(exhibits=(RECORD, report)) == set()
    third = BindingMeasure("全面自查", is_done=True, position=3)
    everything = replace(report, proves=frozenset({1, 2, 3}))
    assert told(exhibits=(RECORD, everything), measures=(*SOUND.measures, third)) == {Doubt.ONE_FOR_ALL}


@pytest.mark.parametrize(
    ("name", "kind", "text"),
    [
        ("关于召开推进会议的通知.docx", None, ""),
        ("整改方案.docx", EvidenceKind.RULE, ""),
        ("推进会现场.jpg", EvidenceKind.PHOTO, ""),
        ("附件1.docx", EvidenceKind.OTHER, "清河县水利局\n关于召开案卷整改动员会的通知\n各股室："),
        ("四季度工作安排.docx", EvidenceKind.OTHER, ""),
        ("签到.pdf", EvidenceKind.MEETING, ""),
    ],
)
def test_only_meetings_notices_and_plans_are_doubted(name: str, kind: EvidenceKind | None, text: str) -> None:
    piece = Exhibit(name, RULE.added_at, kind=kind, own_text=text, proves=frozenset({1, 2}))
    notice = Exhibit("关于整改的通知.pdf", RULE.added_at, kind=EvidenceKind.MEETING, proves=frozenset({1, 2}))
    assert told(exhibits=(notice, piece)) == {Doubt.NOTICES_ONLY}
    assert told(exhibits=(RECORD, RULE, piece)) == set()


@pytest.mark.parametrize(
    ("name", "kind", "text"),
    [
        ("关于印发办法的通知.docx", EvidenceKind.RULE, ""),
        ("通知.docx", EvidenceKind.RULE, "清河县水利局\n关于印发《归档核对规程》的通知"),
        ("会议记录检查台账.xlsx", EvidenceKind.REGISTER, ""),
        ("附件.docx", EvidenceKind.OTHER, "清河县水利局\n关于贯彻案卷评查通知情况的报告\n县司法局："),
        ("自查报告.docx", EvidenceKind.OTHER, "自查报告\n按照县里的通知要求，逐件自查如下。"),
    ],
)
def test_a_rule_a_register_and_a_report_are_more_than_notices(
    name: str, kind: EvidenceKind, text: str
) -> None:
    piece = Exhibit(name, RULE.added_at, kind=kind, own_text=text, proves=frozenset({1, 2}))
    assert Doubt.NOTICES_ONLY not in told(exhibits=(piece,))


def test_where_teaching_was_lacking_a_training_is_a_result() -> None:
    piece = Exhibit("培训签到和成绩.pdf", RULE.added_at, kind=EvidenceKind.MEETING, proves=frozenset({1, 2}))
    assert Doubt.NOTICES_ONLY in told(exhibits=(piece,))
    assert Doubt.NOTICES_ONLY not in told(exhibits=(piece,), problem="执法人员培训不足，7件案卷因此出错。")


def test_a_register_that_counts_fewer_is_doubted_unless_the_statement_says_so() -> None:
    short = "\n".join(RECORD.own_text.splitlines()[:6])
    assert with_record(own_text=short) == {Doubt.SHORT_REGISTER}
    both = "7件案卷已补正，台账列5件，另2件在纸质卷，5月12日入卷。"
    assert told(exhibits=(replace(RECORD, own_text=short), RULE), statement=both) == set()
    assert with_record(own_text="案卷补正台账\n合计7件，已补正7件。") == set()
    assert with_record(own_text=short, kind=EvidenceKind.CASE) == set()


def test_what_was_counted_wants_a_list_a_case_file_or_as_many_pictures() -> None:
    report = replace(RECORD, name="整改情况报告.docx", kind=EvidenceKind.OTHER, own_text="整改情况报告")
    assert told(exhibits=(report, RULE)) == {Doubt.SHORT_REGISTER}
    assert told(exhibits=(report, RULE), count_total=4, count_done=4) == set()
    assert told(exhibits=(report, RULE), count_total=None, count_done=None) == set()
    assert told(exhibits=(replace(report, own_text="1. 甲案\n2. 乙案"), RULE)) == set()
    assert told(exhibits=(replace(report, kind=EvidenceKind.CASE), RULE)) == set()
    photos = [replace(report, name=f"{n}.jpg", kind=EvidenceKind.PHOTO, own_text="") for n in range(7)]
    assert told(exhibits=(*photos, RULE)) == set()
    assert told(exhibits=(*photos[:6], RULE)) == {Doubt.SHORT_REGISTER}


def test_a_file_of_another_task_is_doubted_but_a_rule_may_serve_two() -> None:
    assert with_record(also_in=("2026-003",)) == {Doubt.SAME_FILE}
    assert told(exhibits=(RECORD, replace(RULE, also_in=("2026-003",)))) == set()
    alone = replace(RULE, also_in=("2026-003",), proves=frozenset({1, 2}))
    assert told(exhibits=(alone,), count_total=None) == {Doubt.SAME_FILE}


def test_an_old_paper_is_doubted_where_a_measure_rests_on_it() -> None:
    old = date(2025, 11, 14)
    assert with_record(own_date=old) == {Doubt.DATED_BEFORE_ISSUE}
    assert with_record(own_date=ISSUED) == set()
    assert beside("上级通知.pdf", own_date=old, kind=EvidenceKind.OTHER) == set()
    assert beside("整改前照片.jpg", own_date=old, kind=EvidenceKind.PHOTO) == set()


def test_a_paper_signed_in_another_year_is_doubted_whatever_day_was_typed() -> None:
    signed = "自查报告\n案卷已自查。\n清河县水利局\n2025年5月12日"
    assert told(exhibits=(RECORD, replace(RULE, own_text=signed))) == {Doubt.ANOTHER_YEAR}
    assert told(exhibits=(RECORD, replace(RULE, own_text=signed, own_date=None))) == {Doubt.ANOTHER_YEAR}
    assert beside("旧报告.docx", own_text=signed, kind=EvidenceKind.OTHER) == set()


def test_an_undated_paper_that_speaks_of_no_later_day_is_an_old_one() -> None:
    old = "现场勘验笔录\n2025年8月19日作出处罚决定，8月21日本人签收。"
    assert told(exhibits=(RECORD, replace(RULE, own_text=old, own_date=None))) == {Doubt.ANOTHER_YEAR}
    assert told(exhibits=(RECORD, replace(RULE, own_text=old))) == set()
    since = f"{old}\n2026年5月12日复核，无误。"
    assert told(exhibits=(RECORD, replace(RULE, own_text=since, own_date=None))) == set()


def test_another_body_s_paper_is_doubted_and_a_superior_s_only_where_all_rests_on_it() -> None:
    foreign = "白河县水利局文件\n关于案卷自查的报告\n白河县水利局\n2026年5月12日"
    above = "宁川市水利局\n关于规范案卷的通知\n宁川市水利局\n2026年5月12日"
    assert told(exhibits=(RECORD, replace(RULE, own_text=foreign))) == {Doubt.ANOTHER_BODY}
    assert beside("背景.pdf", own_text=foreign, kind=EvidenceKind.OTHER) == {Doubt.ANOTHER_BODY}
    assert beside("背景.pdf", own_text=above, kind=EvidenceKind.OTHER) == set()
    assert told(exhibits=(RECORD, replace(RULE, own_text=above))) == {Doubt.ANOTHER_BODY}


def test_every_paper_of_another_body_is_named() -> None:
    foreign = "白河县水利局文件\n关于案卷自查的报告\n白河县水利局\n2026年5月12日"
    twice = (replace(RECORD, own_text=foreign), replace(RULE, own_text=foreign))
    finding = next(each for each in doubts(replace(SOUND, exhibits=twice)) if each.code == Doubt.ANOTHER_BODY)
    assert all(each.name in finding.text for each in twice)
    assert finding.text.count("白河县水利局") == 1


def test_a_paper_that_names_another_task_is_doubted() -> None:
    assert with_record(own_text="整改台账\n任务编号：2026-012") == {Doubt.ANOTHER_TASK}
    assert with_record(own_text="整改台账\n任务2026-012、任务2026-007") == set()


@pytest.mark.parametrize(
    "text",
    [
        "管理制度\n本制度由XX局负责解释。",
        "管理制度\n为加强某某县市场管理，制定本制度。",
        "裁量规则（征求意见稿）\n第一条 初次违法的，不予处罚。",
        "管理办法\n本办法自  年  月  日起施行。",
        "报告\n20XX年，我局开展了排查。",
    ],
)
def test_an_unfinished_paper_is_doubted_where_a_measure_rests_on_it(text: str) -> None:
    assert told(exhibits=(RECORD, replace(RULE, own_text=text))) == {Doubt.UNFINISHED_PAPER}
    assert beside("过程稿.docx", own_text=text, kind=EvidenceKind.OTHER) == set()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("处罚决定书.pdf", "当事人：张某某，某某公司\n经营者：李××"),
        ("新版文书格式.docx", "行政处罚决定书\n×年×月×日\nXX局"),
    ],
)
def test_names_left_out_of_a_case_and_blank_forms_are_no_drafts(name: str, text: str) -> None:
    assert told(exhibits=(RECORD, replace(RULE, name=name, own_text=text))) == set()


@pytest.mark.parametrize(
    "statement",
    [
        "7件案卷已逐件补正，并由法规股抽查，核对办法5月印发，归档前三级签字。",
        "7件案卷已逐件补正，并由法规股抽查，\n  核对办法５月印发，归档前三级签字",
        "8件案卷已逐件补正，并由法规股抽查，核对办法6月印发，归档前三级签字",
        "7件案卷已经逐件补正，并由法规股抽查，核对办法于5月印发，归档前三级签字。",
    ],
)
def test_a_copied_statement_is_doubted(statement: str) -> None:
    other = "7件案卷已逐件补正，并由法规股抽查，核对办法5月印发，归档前三级签字。"
    assert told(statement=statement, others=(("2026-009", other),)) == {Doubt.SIMILAR_STATEMENT}
    [finding] = doubts(replace(SOUND, statement=statement, others=(("2026-009", other),)))
    assert "2026-009" in finding.text
    again = LastTime(other, frozenset({EvidenceKind.PHOTO}))
    assert told(statement=statement, last_time=again) == {Doubt.SIMILAR_STATEMENT}


@pytest.mark.parametrize(
    ("statement", "codes"),
    [
        ("已对7件问题案卷逐件补正，建立归档前核对制度。", {Doubt.REPEATS_TASK}),
        ("问题案卷全部补正，不再出现同类问题，发现7件送达回证填写不规范。", {Doubt.REPEATS_TASK}),
        ("已对7件问题案卷逐件补正，其中5件代收人关系向本人核实后补注，2件作了说明。", set()),
        ("7件将由各中队逐步补正。下一步拟制定核对办法，并持续抓好落实。", {Doubt.ONLY_MEANT}),
        ("7件已补正入卷。核对办法5月12日印发。下一步继续抓好抽查。", set()),
    ],
)
def test_a_statement_of_the_task_s_own_words_or_of_intentions_is_doubted(
    statement: str, codes: set[str]
) -> None:
    assert told(statement=statement) == codes


def test_many_words_without_a_figure_or_a_day_are_doubted() -> None:
    vague = "我局高度重视，主要负责同志亲自部署，分管负责同志靠前指挥，各股室闭环落实，" * 2
    assert told(statement=vague, problem="送达不规范。") == {Doubt.VAGUE_STATEMENT}
    assert told(statement="送达回证都补齐了，新格式在用。", problem="送达不规范。") == set()


@pytest.mark.parametrize(
    "statement",
    ["七件都已入卷。", "问题案卷补正5件，说明2件。", "20件又看了一遍。", "补了7卷，其中2件作说明。"],
)
def test_a_figure_of_the_same_things_answers_the_problem(statement: str) -> None:
    assert told(statement=statement) == set()


@pytest.mark.parametrize(
    "statement", ["案卷都已补正入卷。", "发放宣传册2000件，5月7日完成。", "出动巡查7件次，培训46人。"]
)
def test_figures_of_the_problem_want_an_answer(statement: str) -> None:
    unnamed = replace(RECORD, name="案卷补正台账.xlsx")
    assert told(statement=statement, exhibits=(unnamed, RULE)) == {Doubt.FIGURES_UNANSWERED}


def test_a_register_named_by_its_count_answers_for_the_statement() -> None:
    assert told(statement="案卷都已补正入卷，见台账。") == set()


def test_what_recurs_wants_other_proof_than_last_time() -> None:
    assert told(last_time=LastTime("办了培训。", frozenset({EvidenceKind.MEETING}))) == set()
    both = frozenset({EvidenceKind.REGISTER, EvidenceKind.RULE})
    assert told(last_time=LastTime("办了培训。", both)) == {Doubt.AS_LAST_TIME}
    photo = Exhibit("现场.jpg", RULE.added_at, kind=EvidenceKind.PHOTO, proves=frozenset({1}))
    with_photo = replace(SOUND, exhibits=(*SOUND.exhibits, photo))
    assert found(replace(with_photo, last_time=LastTime("办了培训。", both))) == {Doubt.AS_LAST_TIME}


def test_before_the_statement_is_written_nothing_is_said_of_it() -> None:
    of_words = {
        Doubt.SIMILAR_STATEMENT,
        Doubt.REPEATS_TASK,
        Doubt.ONLY_MEANT,
        Doubt.VAGUE_STATEMENT,
        Doubt.FIGURES_UNANSWERED,
    }
    assert told(statement="", others=(("2026-009", ""),)).isdisjoint(of_words)


TEXTS = st.text(alphabet="案卷件7二将已培训通知2026年5月日县水利局某X（稿）：，。\n| ", max_size=80)
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
PIECES = st.builds(
    Exhibit,
    name=TEXTS,
    added_at=MOMENTS,
    own_date=st.none() | st.dates(date(2025, 1, 1), date(2027, 1, 1)),
    kind=st.none() | st.sampled_from(EvidenceKind),
    own_text=TEXTS,
    proves=st.frozensets(st.integers(0, 3)),
    also_in=st.lists(st.sampled_from(["2026-001", "（另一任务）"]), max_size=2).map(tuple),
)


@given(
    st.lists(PIECES, max_size=4).map(tuple),
    TEXTS | st.text(max_size=200),
    TEXTS,
    st.none() | MOMENTS,
    st.none() | st.builds(LastTime, TEXTS, st.frozensets(st.sampled_from(EvidenceKind))),
    st.none() | st.dates(date(2025, 1, 1), date(2027, 1, 1)),
)
def test_whatever_the_file_holds_each_doubt_is_told_once_and_in_words(
    pieces: tuple[Exhibit, ...],
    statement: str,
    problem: str,
    at: datetime | None,
    last: LastTime | None,
    issued: date | None,
) -> None:
    dossier = replace(
        SOUND,
        issued_on=issued,
        exhibits=pieces,
        statement=statement,
        problem=problem,
        submitted_on=at and at.date(),
        submitted_at=at,
        last_time=last,
        others=(("2026-009", statement),),
    )
    findings = doubts(dossier)
    assert len({finding.code for finding in findings}) == len(findings)
    assert all(finding.text and finding.dispelled_by and "\n" not in finding.text for finding in findings)
    assert doubts(dossier) == findings


def test_a_statement_without_a_stop_takes_no_time() -> None:
    endless = "已按要求整改到位" * 1_500
    began = time.process_time()
    doubts(replace(SOUND, statement=endless, problem=endless[:5_000]))
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("row", "is_doubted"),
    [
        ("4 | 金都商厦 | 扶梯梳齿板缺齿 | 待配件", True),
        ("4 | 金都商厦 | 未整改 | 资金不足", True),
        ("4 | 金都商厦 | 正在协调", True),
        ("4 | 金都商厦 | 未张贴标志 | 已改", False),
        ("4 | 金都商厦 | 未完成年检 | 5月12日 | 已完成", False),
        ("单位 | 未整改数 | 未整改原因", False),
        ("待配件的说明在后。", False),
    ],
)
def test_a_register_that_says_itself_what_is_not_mended_is_doubted(row: str, is_doubted: bool) -> None:
    text = f"{RECORD.own_text}\n{row}"
    assert (Doubt.UNDONE_ROWS in with_record(own_text=text)) == is_doubted
    honest = replace(SOUND, statement=f"{SOUND.statement}还有1处等配件。")
    assert Doubt.UNDONE_ROWS not in found(replace(honest, exhibits=(replace(RECORD, own_text=text), RULE)))


def test_a_plan_does_not_prove_that_something_was_done() -> None:
    plan = replace(RULE, name="归档核对实施方案.docx", own_text="关于印发归档核对实施方案的通知")
    assert told(exhibits=(RECORD, plan)) == {Doubt.PLAN_ONLY}
    assert told(exhibits=(RECORD, plan, replace(RULE, kind=EvidenceKind.CASE))) == set()
    to_plan = (SOUND.measures[0], replace(SOUND.measures[1], text="制定归档核对方案"))
    assert told(exhibits=(RECORD, plan), measures=to_plan) == set()


@pytest.mark.parametrize(
    ("name", "is_plan"),
    [
        ("归档核对计划.docx", True),
        ("归档核对计划实施方案.docx", True),
        ("归档核对计划完成情况.docx", False),
        ("整改方案落实情况.docx", False),
    ],
)
def test_what_became_of_a_plan_is_a_result(name: str, is_plan: bool) -> None:
    told_of = told(exhibits=(RECORD, replace(RULE, name=name, own_text="")))
    assert (Doubt.PLAN_ONLY in told_of) == is_plan


@pytest.mark.parametrize(
    ("statement", "is_meant"),
    [
        ("三条措施完成，统一计划已公示。", False),
        ("检查计划表均已印发到各站。", False),
        ("已完成年度检查计划任务。", False),
        ("按照年度计划全部完成归档。", False),
        ("计划开展全面归档核对。", True),
        ("已计划开展全面归档核对。", True),
        ("我站计划完成归档核对。", True),
        ("计划已印发，打算逐站核对归档情况。", True),
    ],
)
def test_a_plan_that_is_carried_out_is_no_intention(statement: str, is_meant: bool) -> None:
    assert (Doubt.ONLY_MEANT in told(statement=statement)) == is_meant


def test_a_file_without_content_and_one_without_kind_and_day_are_doubted() -> None:
    assert with_record(own_text=BLANK) >= {Doubt.EMPTY_FILE}
    assert beside("空白.docx", kind=EvidenceKind.OTHER, own_text=BLANK) == {Doubt.EMPTY_FILE}
    bare = replace(RULE, kind=None, own_date=None, own_text="")
    assert told(exhibits=(RECORD, bare)) == {Doubt.VAGUE_PIECE}
    assert told(exhibits=(RECORD, replace(bare, kind=EvidenceKind.RULE))) == set()
    assert told(exhibits=(RECORD, replace(bare, own_date=date(2026, 5, 12)))) == set()


@pytest.mark.parametrize(("statement", "is_doubted"), [("已整改到位。", True), ("7件都补了。", False)])
def test_a_statement_of_a_few_words_without_a_figure_is_vague(statement: str, is_doubted: bool) -> None:
    assert (Doubt.VAGUE_STATEMENT in told(statement=statement)) == is_doubted


@pytest.mark.parametrize(("issued", "asked", "is_doubted"), [(11, 13, True), (8, 12, True), (8, 13, False)])
def test_two_working_days_are_hasty_where_two_weeks_were_given(
    issued: int, asked: int, is_doubted: bool
) -> None:
    """May 8th of 2026 is a Friday; the weekend counts for nothing."""
    due = (BindingMeasure("逐站复查", is_done=True, due_on=date(2026, 5, 26)),)
    given = {"issued_on": date(2026, 5, issued), "measures": due, "submitted_at": moment(2026, 5, asked, 16)}
    assert (Doubt.HASTY in told(**given)) == is_doubted


def test_where_no_proof_is_asked_for_no_measure_is_doubted_for_want_of_it() -> None:
    assert told(exhibits=(RECORD,), statement="7件案卷已补正。", needs_proof=False) == set()
