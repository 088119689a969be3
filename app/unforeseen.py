"""What nobody foresaw: a sentence and a number for whoever meets it, the details under that number in the log."""

import logging
import secrets

from core.errors import RectifyError, Unavailable
from core.machine import machine_trouble

log = logging.getLogger("rectify.unforeseen")


def told_with_number(error: BaseException, where: str) -> RectifyError:
    """Note an error in the log; what is said of it to anybody, which names no place and no address."""
    reference = secrets.token_hex(4)
    log.error("error %s at %s", reference, where, exc_info=error)
    number = f"错误编号 {reference}，详细情况已记入日志"
    todo = "请稍后再试；仍不行时，把错误编号告诉系统管理员"
    if known := error if isinstance(error, Unavailable) else machine_trouble(error):
        return Unavailable(known.what, number, todo)
    return RectifyError("系统出了问题，这一步没有办成", number, todo, command="rectify --debug …")
