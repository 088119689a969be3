"""Settings: environment before file before default, and each wrong one named."""

from pathlib import Path

import pytest

from core.errors import Misconfigured
from core.settings import load_settings, prepare_data_dir


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import os

    for name in [name for name in os.environ if name.startswith("RECTIFY_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("RECTIFY_DATA_DIR", str(tmp_path))


def test_sqlite_in_the_data_folder_is_the_default(tmp_path: Path) -> None:
    assert load_settings().database == f"sqlite:///{(tmp_path / 'rectify.db').resolve().as_posix()}"


def test_the_environment_goes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rectify.toml").write_text('port = 9000\nbase_url = "http://a.example"\n', encoding="utf-8")
    monkeypatch.setenv("RECTIFY_PORT", "9001")
    settings = load_settings()
    assert settings.port == 9001
    assert settings.base_url == "http://a.example"


@pytest.mark.parametrize("scheme", ["postgresql://", "postgres://", "postgresql+psycopg://"])
def test_a_postgresql_address_is_taken_as_offices_write_it(
    scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECTIFY_DATABASE_URL", f"{scheme}u:p@db/ledger")
    assert load_settings().database == "postgresql+psycopg://u:p@db/ledger"


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("PORT", "99999", "port"),
        ("TIMEZONE", "Mars/Base", "timezone"),
        ("MAIL_TIMEOUT_SECONDS", "x", "mail_timeout"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"RECTIFY_{name}", value)
    with pytest.raises(Misconfigured) as refusal:
        load_settings()
    assert told in refusal.value.line


def test_a_broken_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "rectify.toml").write_text("port = = 1", encoding="utf-8")
    with pytest.raises(Misconfigured):
        load_settings()


def test_an_unknown_name_in_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rectify.toml").write_text("prot = 1", encoding="utf-8")
    with pytest.raises(Misconfigured) as refusal:
        load_settings()
    assert "prot" in refusal.value.line


def test_secrets_do_not_show_when_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECTIFY_SMTP_URL", "smtps://u:hunter2@mail")
    assert "hunter2" not in repr(load_settings())


def test_the_data_folder_is_closed_to_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECTIFY_DATA_DIR", str(tmp_path / "deep" / "data"))
    settings = load_settings()
    prepare_data_dir(settings)
    assert settings.data_dir.stat().st_mode & 0o077 == 0


def test_a_data_folder_that_stood_open_is_closed_but_not_one_of_something_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "open"
    folder.mkdir(mode=0o755)
    monkeypatch.setenv("RECTIFY_DATA_DIR", str(folder))
    for held in ("rectify.toml", "rectify.db"):
        (folder / held).touch()
        folder.chmod(0o755)
        prepare_data_dir(load_settings())
        assert folder.stat().st_mode & 0o777 == 0o700
    homes = tmp_path / "homes"
    homes.mkdir()
    (homes / "zhang").mkdir()
    homes.chmod(0o755)
    monkeypatch.setenv("RECTIFY_DATA_DIR", str(homes))
    prepare_data_dir(load_settings())
    assert homes.stat().st_mode & 0o777 == 0o755  # doctor says what to do


def test_a_data_folder_that_cannot_be_made_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("RECTIFY_DATA_DIR", str(tmp_path / "file" / "data"))
    with pytest.raises(Misconfigured) as refusal:
        prepare_data_dir(load_settings())
    assert "RECTIFY_DATA_DIR" in refusal.value.line


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("MAIL_FROM", "整改台账, 办公室 <a@b.cn>", "英文逗号"),
        ("MAIL_FROM", "a@b.cn, c@d.cn", "英文逗号"),
        ("MAIL_FROM", "整改台账＜a@b.cn＞", "全角"),
        ("MAIL_FROM", "整改台账", "读不出邮箱地址"),
        ("MAIL_FROM", "台账 <台账@b.cn>", "读不出邮箱地址"),
        ("SMTP_URL", "smtps://u:口令abc@mail.cn", "第 1 个字符是汉字"),
        ("SMTP_URL", "smtps://u:abc\u00a0d@mail.cn", "第 4 个字符是特殊空格（U+00A0）"),
        ("SMTP_URL", "smtps://u:abc%E2%80%8Bd@mail.cn", "第 4 个字符是看不见的字符"),
        ("SMTP_URL", "smtps://u:ａbc@mail.cn", "全角字符"),
        ("SMTP_URL", "smtps://u:p/a@mail.cn", "%2F"),
        ("SMTP_URL", "http://mail.cn", "smtps://"),
        ("SMTP_URL", "smtps://mail.cn：465", "读不懂"),
        ("ENGINE", "cron", "只能是"),
        ("PORT", "0", "不能小于 1"),
    ],
)
def test_a_setting_that_cannot_work_is_named_in_one_line_without_its_secret(
    name: str, value: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"RECTIFY_{name}", value)
    with pytest.raises(Misconfigured) as refusal:
        load_settings()
    line = refusal.value.line
    assert f"{name.lower()}（RECTIFY_{name}）" in line
    assert told in line
    assert "\n" not in line
    assert "口令" not in line


@pytest.mark.parametrize(
    "sender",
    ["a@b.cn", "<a@b.cn>", '"台账, 办公室" <a@b.cn>', "台账，办公室 <a@b.cn>", "整改台账 <r@localhost>"],
)
def test_a_sender_as_offices_write_it_is_taken(sender: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECTIFY_MAIL_FROM", sender)
    assert load_settings().mail_from == sender


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    (tmp_path / "rectify.toml").write_bytes(b'\xef\xbb\xbfmail_from = "a@b.cn"\n')
    assert load_settings().mail_from == "a@b.cn"


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / "rectify.toml").write_bytes('mail_from = "台账 <a@b.cn>"'.encode("gb18030"))
    with pytest.raises(Misconfigured, match="UTF-8"):
        load_settings()


def test_what_is_no_address_is_no_proxy() -> None:
    with pytest.raises(Misconfigured, match=r"trusted_proxies.*应为 IP 地址或网段"):
        load_settings(trusted_proxies="nginx")


def test_an_address_in_brackets_is_taken_and_told_in_brackets() -> None:
    settings = load_settings(host="[::1]")
    assert (settings.host, settings.own_url) == ("::1", "http://[::1]:8321")
