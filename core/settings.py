"""What the installer sets: read once at start from RECTIFY_* and the data folder's rectify.toml, then handed down."""

import os
import socket
import sys
import tomllib
from contextlib import suppress
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from core.errors import Misconfigured
from core.mail_settings import mail_sender, mail_server

SESSION_IDLE_MINUTES: Final = 120
SESSION_HOURS: Final = 12
_OF_A_MACHINE: Final = {
    "data_dir", "database_url", "host", "port", "ssl_certfile", "ssl_keyfile", "trusted_proxies"
}  # fmt: skip
ADDRESS_FORM: Final = "网址形如 http://10.1.2.3:8321 或 https://zg.example.gov.cn"


def default_data_dir() -> Path:
    """The per-user data folder of this platform: one ledger wherever the command is called from."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "Rectify"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Rectify"
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share")) / "rectify"


def is_web_address(url: str) -> bool:
    """Whether links can lead there."""
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False
    return (
        is_whole
        and not (parts.username or parts.query or parts.fragment)
        and url.isprintable()
        and " " not in url
    )


class Settings(BaseSettings):
    """One installation's settings; environment before file before default.

    `smtp_url` is smtp://, smtp+starttls:// or smtps:// with user and password percent-encoded; without one, mail
    is written to the folder `mail/` as .eml files. Without a `base_url` links lead where the office said (the start
    checklist), and to `own_url` before it did. `robots` are webhooks of group robots, with their secrets; in the
    environment a blank stands between them. The nightly backup goes into `backup_folder`, on another disk, which nobody
    makes: where that disk is not there, the job must fail and not fill this one. With `engine` prefect a Prefect server decides when jobs run. Whose
    X-Forwarded-For and -Proto are believed, `trusted_proxies` name by address or network; without them nobody's.
    Whoever is signed in is signed out after `session_idle_minutes` without a page, `session_hours` at the latest, and
    types the password again for what is sensitive if the last time is `password_again_minutes` ago.
    """

    model_config = SettingsConfigDict(
        env_prefix="RECTIFY_", frozen=True, extra="forbid", hide_input_in_errors=True
    )

    data_dir: Path = Field(default_factory=default_data_dir)
    database_url: SecretStr | None = None
    smtp_url: SecretStr | None = None
    mail_from: str = "整改台账 <rectify@localhost>"
    base_url: str = ""
    robots: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    timezone: str = "Asia/Shanghai"
    engine: Literal["embedded", "prefect"] = "embedded"
    host: str = "127.0.0.1"
    port: int = Field(default=8321, ge=1, le=65535)
    ssl_certfile: Path | None = None
    ssl_keyfile: Path | None = None
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = ()
    mail_attempts: int = Field(default=12, ge=1)
    mail_timeout_seconds: int = Field(default=60, ge=5)
    keep_bodies_days: int = Field(default=90, ge=1)
    evidence_megabytes: int = Field(default=50, ge=1, le=2000)
    evidence_gigabytes: int = Field(default=20, ge=1)
    backup_folder: Path | None = None
    keep_backups: int = Field(default=14, ge=1)
    session_idle_minutes: int = Field(default=SESSION_IDLE_MINUTES, ge=5)
    session_hours: int = Field(default=SESSION_HOURS, ge=1, le=7 * 24)
    password_again_minutes: int = Field(default=30, ge=1)

    @field_validator("robots", "trusted_proxies", mode="before")
    @classmethod
    def _apart(cls, values: object) -> object:
        return values.split() if isinstance(values, str) else values

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, proxies: tuple[str, ...]) -> tuple[str, ...]:
        try:
            return tuple(str(ip_network(each.strip(","), strict=False)) for each in proxies)
        except ValueError as error:
            raise ValueError("应为 IP 地址或网段，用空格隔开，例如 127.0.0.1 10.1.2.0/24") from error

    @field_validator("base_url")
    @classmethod
    def _web_address(cls, url: str) -> str:
        if url and not is_web_address(url):
            raise ValueError(f"“{url}”不是网址；{ADDRESS_FORM}")
        return url

    @field_validator("host")
    @classmethod
    def _without_brackets(cls, host: str) -> str:
        return host.removeprefix("[").removesuffix("]")

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"没有名为 {name} 的时区，例如 Asia/Shanghai") from error
        return name

    @field_validator("smtp_url")
    @classmethod
    def _readable_server(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None:
            mail_server(url.get_secret_value())
        return url

    @field_validator("mail_from")
    @classmethod
    def _readable_sender(cls, sender: str) -> str:
        mail_sender(sender)
        return sender

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        del dotenv_settings, file_secret_settings
        folder = env_settings().get("data_dir") or init_settings().get("data_dir") or default_data_dir()
        toml = _TomlFile(settings_cls, toml_file=Path(folder) / "rectify.toml")
        return init_settings, env_settings, toml

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def own_url(self) -> str:
        """Where this machine's own board is reached: by its address in the network if it listens to that."""
        host = self.host if self.host not in ("0.0.0.0", "::") else _machine_address()  # noqa: S104  (compared, not bound)
        scheme = "https" if self.ssl_certfile else "http"
        return f"{scheme}://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in force: the one set, or SQLite in the data folder."""
        if self.database_url is None:
            return f"sqlite:///{(self.data_dir / 'rectify.db').resolve().as_posix()}"
        url = self.database_url.get_secret_value()
        for prefix in ("postgresql://", "postgres://"):
            if url.startswith(prefix):
                return "postgresql+psycopg://" + url.removeprefix(prefix)
        return url

    @property
    def alike(self) -> dict[str, str]:
        """What must be the same on every machine of an installation; of a secret only whether it is set."""
        return {name: str(value) for name, value in self.model_dump(exclude=_OF_A_MACHINE).items()}

    @property
    def mail_dir(self) -> Path:
        return self.data_dir / "mail"

    @property
    def evidence_dir(self) -> Path:
        return self.data_dir / "evidence"

    @property
    def log_dir(self) -> Path:
        """Of this machine alone where several may share the data folder: rotating loses what two write."""
        logs = self.data_dir / "logs"
        return logs if self.database.startswith("sqlite") else logs / socket.gethostname()

    @property
    def folders(self) -> tuple[Path, ...]:
        """What a data folder holds."""
        return (
            self.mail_dir,
            self.evidence_dir,
            self.log_dir,
            self.backup_dir,
            self.template_dir,
            self.upload_dir,
            self.paper_dir,
        )

    @property
    def paper_dir(self) -> Path:
        """Where the program puts the papers it writes by itself, a folder for each bureau."""
        return self.data_dir / "papers"

    @property
    def template_dir(self) -> Path:
        """Where an office puts its own Word templates."""
        return self.data_dir / "templates"

    @property
    def upload_dir(self) -> Path:
        """Where tables wait until their preview is confirmed."""
        return self.data_dir / "uploads"

    @property
    def report_dir(self) -> Path:
        """Where reports wait for the job intake."""
        return self.upload_dir / "intake"

    @property
    def backup_dir(self) -> Path:
        """Where what is about to be replaced is copied, and each night's backup unless `backup_folder` says otherwise."""
        return self.data_dir / "backups"

    @property
    def nightly_dir(self) -> Path:
        return self.backup_folder or self.backup_dir


def _machine_address() -> str:
    """Which of the machine's addresses leads into its network; finding out sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


class _TomlFile(TomlConfigSettingsSource):
    """rectify.toml as editors save it: Windows' Notepad puts a mark before its first letter."""

    def _read_file(self, file_path: Any) -> dict[str, Any]:
        try:
            return tomllib.loads(file_path.read_bytes().decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise ValueError("文件不是 UTF-8 编码，请用记事本“另存为”，编码选 UTF-8") from error


_SAID: Final = {
    "extra_forbidden": "没有这个设置",
    "int_parsing": "应为整数",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "literal_error": "只能是 {expected}",
}


def _told(error: Any) -> str:
    """One wrong setting, by the name it has in the file and in the environment."""
    name = ".".join(map(str, error["loc"]))
    context = error.get("ctx", {})
    said = (
        _SAID[error["type"]].format(**context).replace(" or ", "、")
        if error["type"] in _SAID
        else error["msg"]
    )
    return f"{name}（RECTIFY_{name.upper()}）{context.get('error', said)}"


def load_settings(**overrides: object) -> Settings:
    """Read the settings once. Raises: Misconfigured, naming each setting that is wrong."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        wrong = "；".join(map(_told, error.errors()))
        raise Misconfigured(
            "设置有误", wrong, "请检查 RECTIFY_* 环境变量和数据文件夹中的 rectify.toml"
        ) from error
    except ValueError as error:
        raise Misconfigured("rectify.toml 读不懂", str(error), "请按 TOML 格式改正后再启动") from error


def prepare_data_dir(settings: Settings) -> None:
    """Make the data folder, closed to other users of the machine; close one that stood open, if it holds nothing but ours."""
    home = settings.data_dir
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        held = {each.name for each in home.iterdir()}
        if not held or held & {"rectify.toml", "rectify.db", settings.evidence_dir.name}:
            with suppress(PermissionError):  # of another owner: doctor tells
                home.chmod(0o700)
        for folder in settings.folders:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise Misconfigured(
            f"数据文件夹 {home} 无法使用",
            error.strerror or str(error),
            "请用 RECTIFY_DATA_DIR 指定一个可写的文件夹",
        ) from error
