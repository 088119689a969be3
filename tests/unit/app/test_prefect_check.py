"""`rectify prefect check` where there is no server yet: what to set is said, in lines and not in errors."""

import pytest
from prefect.settings import get_current_settings

from flows.server_check import settings_faults
from tests.cli import Rectify, forget_installation


def test_a_machine_that_was_told_nothing_is_told_what_to_set(
    rectify: Rectify, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    said = rectify("prefect", "check")
    assert (said.code, said.err) == (1, "")
    assert "没有设置 PREFECT_API_URL" in said.out
    is_sqlite = database_url.startswith("sqlite")
    assert ("请设置 RECTIFY_DATABASE_URL 改用 PostgreSQL" in said.out) is is_sqlite
    assert ("请设置 RECTIFY_ENGINE=prefect" in said.out) is not is_sqlite
    monkeypatch.setenv("RECTIFY_ENGINE", "prefect")
    forget_installation()
    assert "RECTIFY_ENGINE" not in rectify("prefect", "check").out


def test_what_another_machine_was_set_is_named_and_no_secret_shown(
    rectify: Rectify, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    rectify.ok("unit", "add", "松原县交通局")
    monkeypatch.setenv("RECTIFY_SMTP_URL", "smtp://me:hush@10.1.2.3:25")
    monkeypatch.setenv("RECTIFY_KEEP_BACKUPS", "3")
    forget_installation()
    rectify.ok("run", "day_figures")  # as a worker's run does
    for name in ("RECTIFY_SMTP_URL", "RECTIFY_KEEP_BACKUPS"):
        monkeypatch.delenv(name)
    forget_installation()
    said = rectify("prefect", "check", "--json").out
    if not database_url.startswith("sqlite"):
        assert "的 run 与这里不同：RECTIFY_KEEP_BACKUPS、RECTIFY_SMTP_URL" in said
    assert "hush" not in said


def test_a_page_nobody_else_can_read_and_runs_kept_for_ever_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By what Prefect itself says of its settings: it fails where an update of Prefect says it otherwise."""

    def faults(*settings: str, is_alone: bool = False) -> list[str]:
        with monkeypatch.context() as set_here:
            for setting in settings:
                set_here.setenv(*setting.split("="))
            server = type(get_current_settings())().model_dump(mode="json")["server"]
        return [todo for _, todo in settings_faults(server, is_alone=is_alone)]

    page, keeps = "PREFECT_SERVER_UI_API_URL", "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED"
    (own,) = faults(is_alone=True)
    assert keeps in own
    elsewhere, same = faults()
    assert page in elsewhere
    assert same == own
    reachable = f"{page}=http://10.1.2.10:4200/api"
    assert faults(reachable) == [own]
    assert faults(reachable, f"{keeps}=events,flow_runs") == faults(reachable, f"{keeps}=true") == []
    assert faults(reachable, f"{keeps}=false") == [own]
