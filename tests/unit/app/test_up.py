"""What a page goes out on: the port `rectify up` holds."""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor

from app.up import held_port


def test_answers_do_not_wait_to_be_acknowledged() -> None:
    """Nagle's algorithm holds the end of a page back until the browser has acknowledged its beginning: 40 ms."""

    async def ask(held: socket.socket) -> int:
        heard: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            accepted = writer.get_extra_info("socket")
            heard.set_result(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        async with await asyncio.start_server(answer, sock=held):
            _, asking = await asyncio.open_connection(*held.getsockname()[:2])
            asking.close()
            return await asyncio.wait_for(heard, timeout=10)

    with (
        held_port("127.0.0.1", 0) as held,
        ThreadPoolExecutor(1) as apart,
    ):  # a browser's loop may run in this thread
        assert apart.submit(lambda: asyncio.run(ask(held))).result() == 1
