"""Papers that look near but are no annual report are told apart, with the reason; the person may insist."""

import json
from pathlib import Path

import pytest

from reports.papers import NotAReport
from reports.reading import read_document, read_report
from tests.unit.reports.saying import document

NEAR = Path(__file__).parents[2] / "samples" / "not_reports"
REPORT = "\n一、主要举措\n依法行政。\n二、存在的不足\n（一）力量不足。\n三、下一步打算\n（一）招录人员。\n青溪县林草局\n2024年1月5日"
OTHERS = [
    ("青溪县林草局2023年政府信息公开工作年度报告" + REPORT, "政府信息公开"),
    ("青溪县林草局2024年法治政府建设工作要点\n一、总体要求\n二、重点任务\n（一）加强学习。", "工作要点"),
    ("青溪县林草局2024年法治建设工作计划\n一、总体要求\n二、重点任务\n（一）加强学习。", "工作计划"),
    ("青溪县林草局2023年度法治政府建设存在问题整改方案\n一、存在的不足\n（一）力量不足。", "整改"),
    ("青溪县林草局关于法治督察反馈问题整改情况的报告\n一、整改情况\n（一）力量不足。", "整改"),
    ("张某某同志2023年度述职述法报告\n本人作为局长，认真履职。" + REPORT, "述职"),
    ("《青溪县法治政府建设年度报告》政策解读\n一、出台背景\n为推进法治。", "解读"),
    ("青溪县林草局召开2023年法治政府建设工作推进会\n1月5日，县林草局召开会议。", "报道"),
    ("关于做好2023年法治政府建设年度报告工作的通知\n各单位：\n请于1月底前报送。", "通知"),
    ("青溪县行政执法监督条例\n第一条 为了规范执法。\n第二条 适用本条例。", "法律法规"),
    (
        "县林草局部署法治工作\n近日，县林草局召开法治政府建设工作会议，总结成绩，分析不足，部署下一步工作。会议要求依法行政。",
        "报道",
    ),
    ("青溪县林草局2023年度法治政府建设考核方案\n一、考核对象\n二、考核内容\n依法行政情况。", "方案"),
    ("青溪县林草局2023年“八五”普法工作总结" + REPORT, "普法"),
    ("青溪县林草局2023年行政执法统计数据公示" + REPORT, "执法统计"),
    ("县司法局出台《青溪县法治政府建设年度报告办法》\n县司法局出台办法，推进依法行政。", "报道"),
    (
        "青溪县林草局公布2023年度法治政府建设年度报告\n近日，县林草局公布2023年度法治政府建设年度报告，总结成效，查找不足。",
        "报道",
    ),
    (
        "关于我县法治政府建设情况的调研报告\n县人大常委会调研组\n8月，调研组对全县法治政府建设情况进行了调研。"
        + REPORT,
        "调研",
    ),
    ("青溪县2023年度法治政府建设第三方评估报告" + REPORT, "评估"),
    ("青溪县法治政府建设示范创建经验材料\n一、党建引领\n二、规范执法", "经验"),
    ("青溪县2023年优化法治化营商环境工作情况报告" + REPORT, "营商环境"),
    ("青溪县林草局春季造林情况\n栽植苗木三万株，成活率较高。", "无关"),
]


@pytest.mark.parametrize(("text", "name"), OTHERS, ids=[name for _, name in OTHERS])
def test_another_paper_is_refused_with_the_reason_and_what_to_do(text: str, name: str) -> None:
    with pytest.raises(NotAReport) as refusal:
        read_document(document(text), sha256="")
    assert name in refusal.value.what + refusal.value.why
    assert refusal.value.why
    assert "仍按年度报告读取" in refusal.value.todo
    assert refusal.value.command == "--anyway"


@pytest.mark.parametrize(("sample", "kind"), json.loads((NEAR / "index.json").read_text("utf-8")).items())
def test_a_sample_of_another_paper_is_refused(sample: str, kind: str) -> None:
    assert kind
    with pytest.raises(NotAReport):
        read_report(NEAR / sample)


@pytest.mark.parametrize(("text", "name"), OTHERS, ids=[name for _, name in OTHERS])
def test_it_is_read_all_the_same_when_the_person_insists(text: str, name: str) -> None:
    assert read_document(document(text), sha256="", anyway=True).text


@pytest.mark.parametrize(
    "title",
    [
        "青溪县林草局2023年度法治政府建设情况报告",
        "青溪县林草局关于2023年度法治政府建设情况的报告",
        "青溪县林草局2023年度推进依法行政工作总结",
        "青溪县林草局关于报送2023年法治政府建设工作情况的报告",
        "青溪县林草局2023年法治建设年度报告",
        "中共青溪县委 青溪县人民政府关于2023年法治政府建设情况的报告",
        "青溪县林草局2023年度法治政府建设自查报告",
        "2023年度法治政府建设工作情况",
        "青溪县林草局2023年度法治政府建设和普法依法治理工作总结",
        "青溪县林草局2023年度法治工作总结",
        "推进法治政府建设情况汇报",
        "《青溪县林草局2023年度法治政府建设情况报告》",
        "青溪县林草局2023年法治政府建设工作总结暨2024年工作计划",
        "青溪县林草局2023年法治建设工作总结和2024年工作安排",
        "关于青溪县林草局2023年度法治政府建设情况的公示",
        "青溪县林草局2023年度法治政府建设考核自评情况的报告",
        "青溪县林草局2023年度法治政府建设自评估报告",
        "青溪县林草局2023年统计法治工作情况",
        "青溪县林草局推进法治政府建设、优化法治化营商环境工作情况报告",
        "青溪县林草局关于落实《法治社会建设实施纲要（2020—2025年）》2023年度法治建设工作情况的报告",
    ],
)
def test_a_report_by_any_of_its_usual_names_is_read(title: str) -> None:
    assert len(read_document(document(title + REPORT), sha256="").shortcomings) == 1


WRITTEN = sorted(
    path for path in (NEAR.parent / "near_misses").iterdir() if not path.name.endswith(".not_report.json")
)


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.stem)
def test_a_near_miss_by_another_writer_is_refused_and_told_what_it_seems_to_be(path: Path) -> None:
    with pytest.raises(NotAReport) as refusal:
        read_report(path)
    assert refusal.value.what.startswith("这份文件像是")
    assert refusal.value.why
    assert "仍按年度报告读取" in refusal.value.todo


def test_every_near_miss_is_there() -> None:
    assert len(WRITTEN) == 24
