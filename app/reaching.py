"""Whether the board answers at an address, asked as another computer would ask."""

from typing import Final
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

_PATIENCE: Final = 3
"""Seconds for an answer: somebody waits for the page."""


def why_unreached(url: str) -> str:
    """Why nobody reaches the board by this address; empty where its /healthz answers, whatever it says."""
    try:
        with build_opener(ProxyHandler({})).open(f"{url}/healthz", timeout=_PATIENCE) as answer:
            said = answer.read(100)
    except HTTPError as error:
        with error:
            return "" if error.code == 503 else f"那里回答的不是本系统（{error.code}）"
    except (OSError, ValueError):
        return "连不上"
    return "" if said == b"ok" else "那里回答的不是本系统"
