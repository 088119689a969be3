"""The address people reach the board by: where every link in mails, sign-in slips and papers leads."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import Refused
from core.settings import ADDRESS_FORM, Settings, is_web_address
from models.calendar import BureauSetting
from models.organisation import Unit
from rectification.office.journal import By
from rectification.office.settings import keep_setting
from rectification.office.units import home_bureau

_KEY: Final = "base_url"
_THIS_MACHINE: Final = frozenset({"localhost", "::1", "::", "0.0.0.0"})  # noqa: S104  (compared, not bound)


@dataclass(frozen=True, slots=True)
class Address:
    """The address in force. `is_set` by somebody, or proposed; what the installer set (`is_fixed`) no page changes."""

    url: str
    is_set: bool = True
    is_fixed: bool = False

    @property
    def is_local(self) -> bool:
        """Whether it leads each reader to his own machine."""
        host = urlsplit(self.url).hostname or ""
        return host in _THIS_MACHINE or host.startswith("127.")


def address_of(session: Session, settings: Settings) -> Address:
    """The installer's (environment, rectify.toml) before the office's own; the machine's where neither is set."""
    if settings.base_url:
        return Address(settings.base_url.rstrip("/"), is_fixed=True)
    newest = select(BureauSetting.value).join(Unit, Unit.id == BureauSetting.bureau_id)
    chosen = newest.where(Unit.is_home, BureauSetting.key == _KEY).order_by(BureauSetting.id.desc())
    url = session.scalar(chosen.limit(1))
    return Address(url) if url else Address(settings.own_url, is_set=False)


def addressed(session: Session, settings: Settings) -> Settings:
    """The settings with the address in force as their `base_url`."""
    return settings.model_copy(update={"base_url": address_of(session, settings).url})


def set_address(session: Session, by: By, url: str) -> None:
    """Let every link lead there from now on.

    Raises: Refused, for what is no web address, and before the home bureau is known.
    """
    home = home_bureau(session)
    if home is None or not is_web_address(url):
        why = "" if home else "还没有登记本单位"
        raise Refused(f"网址“{url}”没有保存", why, ADDRESS_FORM)
    keep_setting(session, by, home.id, _KEY, url.rstrip("/"), f"网址：{url.rstrip('/')}")
