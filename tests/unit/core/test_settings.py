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


def test_a_data_folder_that_cannot_be_made_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("RECTIFY_DATA_DIR", str(tmp_path / "file" / "data"))
    with pytest.raises(Misconfigured) as refusal:
        prepare_data_dir(load_settings())
    assert "RECTIFY_DATA_DIR" in refusal.value.line
