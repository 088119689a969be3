"""A server that answers as the group robots of 钉钉, 企业微信 and 飞书 do: mostly with 200, whatever became of it."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class Groups:
    """What was posted where, and what is answered."""

    port: int = 0
    status: int = 200
    answer: Any = field(default_factory=lambda: {"errcode": 0, "errmsg": "ok"})
    stall: float = 0.0
    hangs_up: bool = False
    heard: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def dingtalk(self) -> str:
        return f"{self.url}/robot/send?access_token=abc123&secret=SECdef456"

    @property
    def wecom(self) -> str:
        return f"{self.url}/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4"

    @property
    def feishu(self) -> str:
        return f"{self.url}/open-apis/bot/v2/hook/1a2b-3c4d"


@contextmanager
def groups() -> Iterator[Groups]:
    """The server, as long as the block."""
    there = Groups()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posted = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            there.heard.append((self.path, posted))
            time.sleep(there.stall)
            if there.hangs_up:
                return
            said = there.answer if isinstance(there.answer, bytes) else json.dumps(there.answer).encode()
            self.send_response(there.status)
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *args: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        there.port = server.server_port
        Thread(target=server.serve_forever, daemon=True).start()
        yield there
        server.shutdown()
