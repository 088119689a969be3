"""How much of a file a reader may take on: size, expansion, depth, length and time, each with its own refusal."""

import time
from dataclasses import dataclass

from core.errors import Unreadable

_MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one file; the defaults are many times what a real report needs."""

    file_bytes: int = 50 * _MB
    unpacked_bytes: int = 200 * _MB
    unpacked_ratio: int = 200
    part_bytes: int = 60 * _MB
    markup: int = 2_000_000
    members: int = 5_000
    depth: int = 40
    html_depth: int = 200
    pages: int = 500
    blocks: int = 50_000
    characters: int = 2_000_000
    seconds: float = 60.0


class Budget:
    """What is left of the limits while one file is read; a reader asks it inside its loops."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._blocks = self._characters = 0
        self._ends = time.monotonic() + limits.seconds

    def tick(self) -> None:
        """Raises: Unreadable, once the file has taken longer than it may."""
        if time.monotonic() > self._ends:
            raise Unreadable(
                "读取超时",
                f"{self.limits.seconds:g} 秒内没有读完",
                "请确认文件内容正常，或另存为 .txt 后再试",
            )

    def size(self, count: int) -> None:
        if count == 0:
            raise Unreadable("文件是空的", "文件长度为 0 字节", "请确认文件已完整保存或下载后再试")
        if count > self.limits.file_bytes:
            raise Unreadable(
                f"文件过大（{count / _MB:.1f} MB）",
                f"单个文件不得超过 {self.limits.file_bytes / _MB:g} MB",
                "请去掉图片等附件，只保留报告正文后再试",
            )

    def depth(self, count: int, most: int | None = None) -> None:
        self.tick()
        most = self.limits.depth if most is None else most
        if count > most:
            raise Unreadable(
                "文件嵌套过深",
                f"表格或元素嵌套超过 {most} 层，不是正常的报告",
                "请复制正文到新建文档，另存为 .docx 后再试",
            )

    def markup(self, count: int) -> None:
        """So many tags in one part, before they are parsed: a tag costs many times its length in memory."""
        if count > self.limits.markup:
            raise Unreadable(
                "文件结构过于庞大",
                f"标记超过 {self.limits.markup} 个，不是正常的报告",
                "请把正文复制到新建文档，另存为 .docx 后再试",
            )

    def pages(self, count: int) -> None:
        self._at_most(count, self.limits.pages, f"页数过多（{count} 页）", "页")

    def block(self) -> None:
        """One more block, among those of the whole file."""
        self.tick()
        self._blocks += 1
        self._at_most(self._blocks, self.limits.blocks, "段落过多", "段")

    def characters(self, count: int) -> None:
        """So many more characters, among those of the whole file."""
        self.tick()
        self._characters += count
        self._at_most(self._characters, self.limits.characters, "文字过多", "字")

    def _at_most(self, count: int, most: int, what: str, unit: str) -> None:
        if count > most:
            raise Unreadable(what, f"单个文件不得超过 {most} {unit}", "请把报告单独存成一个文件后再试")
