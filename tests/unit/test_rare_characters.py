"""Names with rare characters are Chinese words like any other."""

import re

import pytest

from core.han import HAN
from rectification.intake.likeness import folded
from rectification.office.names import checked_login
from reports.bodies import is_org
from reports.reading import read_document
from tests.unit.reports.saying import document


@pytest.mark.parametrize("name", ["䶮", "𬭎", "㛃", "镕", "𠮷", "〇"])
def test_rare_characters_count_as_chinese_wherever_words_and_names_are_looked_for(name: str) -> None:
    assert re.fullmatch(f"[{HAN}]", name)
    assert checked_login(f"张{name}") == f"张{name}"
    assert name in folded(f"{name}山执法").words
    assert is_org(f"云{name}县林业局")


def test_a_report_of_a_place_with_a_rare_name_gives_its_body() -> None:
    text = (
        "𬭎溪县林业局2023年法治政府建设工作报告\n一、存在的不足\n（一）力量不足。\n𬭎溪县林业局\n2024年1月5日"
    )
    assert read_document(document(text), sha256="").org == "𬭎溪县林业局"
