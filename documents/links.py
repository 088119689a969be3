"""Where a task's page is, for papers that are read outside the program."""

from collections.abc import Callable
from urllib.parse import quote


def task_url(base_url: str) -> Callable[[str], str]:
    """The address of a task's page by its code, on the board at `base_url`."""
    base = base_url.rstrip("/")
    return lambda code: f"{base}/tasks/{quote(code, safe='')}"
