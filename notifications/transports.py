"""How mail leaves: by SMTP, or into a folder of .eml files. Each says what became of a mail, so that it is sent once and once only."""

import logging
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, NamedTuple, Protocol
from urllib.parse import SplitResult, parse_qs, unquote

from core.mail_settings import MAIL_PORTS, mail_sender, mail_server
from core.settings import Settings
from core.text import one_line
from models.enums import OutboxStatus
from notifications.refusals import is_about_sender, is_passing, words_of
from notifications.watchdog import Watchdog

log = logging.getLogger("rectify.mail")

_OK: Final = (250, 251, 252)


class Mail(NamedTuple):
    """One message as it goes out. `name` is what its file is called in the folder; `attempt` counts from 1."""

    id: int
    name: str
    address: str
    content: bytes
    attempt: int = 1


class NotSent(Exception):
    """What became of a mail that did not go out as it should; the reason is shown to clerks, with what would help."""

    def __init__(self, reason: str, todo: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.todo = todo

    @property
    def line(self) -> str:
        return f"{self.reason}；{self.todo}" if self.todo else self.reason


class RefusedForGood(NotSent):
    """The server refused this recipient for good: trying again is of no use."""


class RefusedForNow(NotSent):
    """The server refused for now; the same mail may go later."""


class InDoubt(NotSent):
    """The bytes went out and no answer came: it may have arrived. Only the very same bytes may go again."""


class Unreachable(NotSent):
    """The server cannot be reached, whoever the recipient."""


class HungUp(Unreachable):
    """The connection was lost before the mail's content went out: nothing has been sent."""


class Transport(Protocol):
    """A way to send mail. `outcome` is the mail's status once `deliver` returns."""

    outcome: OutboxStatus

    def deliver(self, mail: Mail) -> None:
        """Raises: NotSent, in one of its four kinds."""

    def rest(self) -> None:
        """No mail is waiting: let go of what is only held for the next one."""

    def close(self) -> None:
        """Let go of everything."""


def transport_of(settings: Settings) -> Transport:
    """The transport the settings ask for: SMTP where there is an address for it, else the folder."""
    if settings.smtp_url is None:
        return Folder(settings.mail_dir)
    return Smtp(settings.smtp_url.get_secret_value(), settings.mail_from, settings.mail_timeout_seconds)


class Folder:
    """Every mail a file: nobody has received it, and it is never called sent."""

    outcome = OutboxStatus.WRITTEN

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def deliver(self, mail: Mail) -> None:
        """The same mail again replaces its file."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            partial = self._folder / f".{mail.name}.part"
            partial.write_bytes(mail.content)
            partial.replace(self._folder / f"{mail.name}.eml")
        except OSError as error:
            raise Unreachable(f"邮件文件夹写不进去：{error.strerror or error}") from error

    def rest(self) -> None:
        """Nothing is held."""

    def close(self) -> None:
        """Nothing is held."""


class Smtp:
    """One connection, kept from mail to mail.

    A watchdog closes it once a mail has taken `total_seconds` from its first word to its last.
    """

    outcome = OutboxStatus.SENT

    def __init__(self, url: str, sender: str, total_seconds: float) -> None:
        self._address = mail_server(url)
        self._sender = mail_sender(sender)[1]
        self._total = total_seconds
        self._smtp: smtplib.SMTP | None = None
        self._watchdog = Watchdog(self._cut)

    def deliver(self, mail: Mail) -> None:
        is_kept = self._smtp is not None
        with self._watchdog.within(self._total):
            try:
                self._converse(mail)
            except HungUp:
                if not is_kept or self._watchdog.has_struck:
                    raise
                self._converse(mail)  # servers hang up on idle connections: a new one first

    def rest(self) -> None:
        self._hang_up()

    def close(self) -> None:
        self._hang_up()
        self._watchdog.stop()

    def check(self) -> None:
        """Connect, sign in and name the sender, and leave again. Raises: Unreachable."""
        with self._watchdog.within(self._total), self._lines_open():
            self._named_sender(self._connected())
            self._hang_up()

    def _converse(self, mail: Mail) -> None:
        with self._lines_open():
            smtp = self._connected()
            options = () if mail.address.isascii() else ("SMTPUTF8",)
            if options and not smtp.has_extn("smtputf8"):
                raise RefusedForGood("邮件服务器不支持含汉字的邮箱地址")
            self._named_sender(smtp, options)
            code, reply = smtp.rcpt(mail.address)
            if code not in _OK:
                self._refused(smtp, code, reply)
            code, reply = smtp.docmd("DATA")
            if code != 354:
                self._refused(smtp, code, reply)
        self._send_content(smtp, mail)

    def _named_sender(self, smtp: smtplib.SMTP, options: tuple[str, ...] = ()) -> None:
        code, reply = smtp.mail(self._sender, options)
        if code not in _OK:
            self._hang_up()
            raise self._not_this_sender(words_of(code, reply))

    def _not_this_sender(self, said: str) -> Unreachable:
        account = unquote(self._address.username or "")
        todo = f"请把 RECTIFY_MAIL_FROM 里的地址改成登录邮件服务器的账号{f' {account}' if '@' in account else ''}"
        return Unreachable(
            f"邮件服务器不接受发件人 {self._sender}：{_short(said)}", todo if is_about_sender(said) else ""
        )

    def _send_content(self, smtp: smtplib.SMTP, mail: Mail) -> None:
        """From here on a lost connection leaves in doubt whether the mail arrived."""
        try:
            smtp.send(_dotted(mail.content))
            code, reply = smtp.getreply()
        except (OSError, smtplib.SMTPException, ValueError) as error:
            self._drop()
            raise InDoubt(f"正文发出后连接中断，未收到答复：{_why(error)}") from error
        if code not in _OK:
            self._refused(smtp, code, reply)

    def _refused(self, smtp: smtplib.SMTP, code: int, reply: bytes) -> None:
        said = words_of(code, reply)
        if code == 421:
            self._drop()
            raise HungUp(f"邮件服务器暂停服务：{_short(said)}")
        with suppress(OSError, smtplib.SMTPException):
            smtp.rset()
        if is_about_sender(said):
            raise self._not_this_sender(said)
        kind = RefusedForNow if is_passing(code, said) else RefusedForGood
        raise kind(f"收件服务器拒收：{_short(said)}")

    @contextmanager
    def _lines_open(self) -> Iterator[None]:
        try:
            yield
        except smtplib.SMTPAuthenticationError as error:
            self._drop()
            raise Unreachable(
                f"邮件服务器不接受用户名或密码：{_short(words_of(error.smtp_code, error.smtp_error))}",
                "请检查 RECTIFY_SMTP_URL 里的用户名和密码；163、QQ 等邮箱要填授权码，不是登录密码",
            ) from error
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise HungUp(
                f"连不上邮件服务器 {self._address.hostname}：{_why(error)}",
                "请检查 RECTIFY_SMTP_URL 的主机、端口和网络",
            ) from error

    def _connected(self) -> smtplib.SMTP:
        if self._smtp is not None:
            return self._smtp
        where = self._address
        scheme, host = where.scheme, where.hostname or ""
        port = where.port or MAIL_PORTS[scheme]
        name = self._sender.rpartition("@")[2] or "localhost"
        tls = _tls(where) if scheme != "smtp" else None
        smtp: smtplib.SMTP
        if scheme == "smtps":
            smtp = smtplib.SMTP_SSL(local_hostname=name, timeout=self._total, context=tls)
        else:
            smtp = smtplib.SMTP(local_hostname=name, timeout=self._total)
        self._smtp = smtp
        smtp._host = host  # type: ignore[attr-defined]  # smtplib checks the certificate against it, and connect() does not set it
        smtp.connect(host, port)
        smtp.ehlo_or_helo_if_needed()
        if scheme == "smtp+starttls":
            smtp.starttls(context=tls)
            smtp.ehlo_or_helo_if_needed()
        if where.username:
            try:
                smtp.login(unquote(where.username), unquote(where.password or ""))
            except smtplib.SMTPNotSupportedError as error:
                raise Unreachable(
                    f"邮件服务器 {host} 不用登录，却给了用户名和密码", "请不写用户名和密码再试"
                ) from error
        return smtp

    def _hang_up(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with suppress(OSError, smtplib.SMTPException):
                smtp.quit()
            smtp.close()

    def _drop(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.close()

    def _cut(self) -> None:
        smtp = self._smtp
        sock = getattr(smtp, "sock", None)
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(2)


def _tls(where: SplitResult) -> ssl.SSLContext:
    """The system's authorities, and the one in `?cafile=`, which a closed network may need."""
    try:
        return ssl.create_default_context(cafile=parse_qs(where.query).get("cafile", [None])[0])
    except OSError as error:
        raise Unreachable(f"证书文件读不出来：{error.strerror or error}") from error


def _dotted(content: bytes) -> bytes:
    """The content with its leading dots doubled, and the end mark."""
    doubled = content.replace(b"\r\n.", b"\r\n..")
    return (b"." if doubled.startswith(b".") else b"") + doubled + b".\r\n"


def _short(said: str) -> str:
    return one_line(said)[:200]


def _why(error: Exception) -> str:
    return str(error)[:200] or type(error).__name__
