"""Every refusal a person can meet: what happened, why, and what to do next."""

from collections.abc import Sequence


class RectifyError(Exception):
    """A refusal that tells its reader what, why and what to do.

    The three parts are shown to people, so they are in Simplified Chinese; the command line prints them
    on one line, a page shows them apart. `command` is what helps on the command line, and is told there alone; `findings`
    are what `why` sums up, for a page that lists them.
    `status` is the HTTP status a web page answers with.
    """

    status = 400

    findings: Sequence[object] = ()

    def __init__(self, what: str, why: str = "", todo: str = "", *, command: str = "") -> None:
        self.what = what
        self.why = why
        self.todo = todo
        self.command = command
        super().__init__(self.line)

    @property
    def line(self) -> str:
        """The three parts as one line."""
        return "".join(part if part.endswith(("。", "！", "？")) else f"{part}。" for part in self.parts)

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(part.replace("\n", " ") for part in (self.what, self.why, self.todo) if part)


class Refused(RectifyError):
    """A rule forbids this."""


class NotFound(RectifyError):
    """No such thing, or not for this person: the two are not told apart."""

    status = 404


class Forbidden(RectifyError):
    """This person may not do this."""

    status = 403


class Conflict(RectifyError):
    """Somebody else was first, or the thing stands already."""

    status = 409


class TooMany(RectifyError):
    """Too often in too short a time."""

    status = 429


class Unreadable(RectifyError):
    """A file that cannot be read as what it should be."""

    status = 422


class FilesGone(RectifyError):
    """Files the ledger speaks of are not in the data folder, or no longer what they were."""

    status = 503

    def __init__(self, *names: str) -> None:
        super().__init__(
            f"文件“{'”“'.join(names)}”现在取不出来",
            "台账里有记录，数据文件夹里却没有，或内容与上传时不同",
            "请告诉系统管理员：运行 rectify doctor 查看原因，并从备份补回",
        )


class Misconfigured(RectifyError):
    """The installation is not set up for this."""

    status = 500


class Unavailable(Misconfigured):
    """The ledger cannot be used just now: away, held by another program, or without room."""

    status = 503
