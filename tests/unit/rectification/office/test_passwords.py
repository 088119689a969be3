"""Passwords: which are refused because they are tried first, and what a stolen table of them costs to try."""

import contextlib
import re
import time

import pytest

from core.errors import Refused
from rectification.office import signin
from rectification.office.passwords import must_be_strong


def test_a_password_is_hashed_with_much_memory_and_never_twice_alike() -> None:
    first, second = (signin.hash_password("秋天的路边有一排老银杏树", login="other") for _ in range(2))

    found = re.match(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=\d+\$", first)
    assert found is not None
    assert int(found[1]) >= 65_536
    assert int(found[2]) >= 3
    assert first != second


BUREAU = "云山县交通运输局"


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("password1234", "常见密码"),
        ("P@ssw0rd1234", "常见密码"),
        ("Admin@123456", "常见密码"),
        ("123456789012", "常见密码"),
        ("woaini5201314", "常见密码"),
        ("1qaz2wsx3edc", "常见密码"),
        ("jiaotongju2026", "机关常用词"),
        ("sifaju@202612", "机关常用词"),
        ("云山县交通运输局2026", "单位名称"),
        ("交通运输局20262026", "单位名称|重复"),
        ("赵启明赵启明赵启明赵启明", "重复"),
        ("zhaoqiming-2026", "登录名"),
        ("aaaaaaaaaaaaaaaa", "重复"),
        ("zxcvbnm,./asd", "键盘上相邻"),
        ("19900101-1990", "常见|日期|少量"),
    ],
)
def test_a_password_that_is_tried_first_is_refused_and_told_why(password: str, why: str) -> None:
    with pytest.raises(Refused, match="太容易猜到") as refused:
        signin.hash_password(password, login="zhaoqiming", known=("赵启明", BUREAU))

    assert re.search(why, refused.value.why)
    assert "12 个字符" in refused.value.todo


@pytest.mark.parametrize(
    "password",
    [
        "秋天的路边有一排老银杏树",
        "correct horse battery",
        "kX9#mQ2vLp4!",
        "wode mao xihuan chi yu",
        "山高水长" + "柳暗花明又一村" * 12,
    ],
)
def test_a_sentence_or_what_a_manager_made_is_taken(password: str) -> None:
    assert signin.hash_password(password, login="zhaoqiming", known=("赵启明", BUREAU))


@pytest.mark.parametrize(
    ("password", "says"), [("kX9#mQ2vLp4", "密码太短"), ("kX9#mQ2vLp4!" * 11, "密码太长")]
)
def test_a_password_has_twelve_characters_and_not_more_than_are_hashed(password: str, says: str) -> None:
    with pytest.raises(Refused, match=says):
        signin.hash_password(password, login="zhaoqiming")


def test_a_longest_password_is_judged_at_once() -> None:
    began = time.perf_counter()
    for password in ("qa" * 64, "1qaz2wsx" * 16, "aA1!" * 32):
        with contextlib.suppress(Refused):
            must_be_strong(password, [BUREAU, "x" * 64])

    assert time.perf_counter() - began < 3
