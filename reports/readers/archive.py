"""Opening a zip that may be hostile: bounds on members, size and expansion, and XML without entities."""

import io
import zipfile
import zlib
from typing import TYPE_CHECKING

from core.errors import Unreadable
from core.filetypes import members
from reports.limits import Budget

if TYPE_CHECKING:
    from lxml.etree import _Element

_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
    LookupError,
)
_RATIO_FROM = 1024 * 1024
_REPAIR = "请用 Word 或 WPS 打开后另存为 .docx 再试"


class Archive:
    """The members of a zip, read within the budget.

    Raises: Unreadable, where the zip is damaged, encrypted or expands beyond its limits.
    """

    def __init__(self, data: bytes, budget: Budget) -> None:
        self._budget = budget
        self._read = 0
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGED as error:
            raise Unreadable(
                "文件已损坏", "压缩结构不完整，可能没有下载完", "请重新下载或" + _REPAIR[1:]
            ) from error
        self._members = members(self._zip)
        limits = budget.limits
        listed = self._zip.infolist()
        unpacked = sum(member.file_size for member in listed)
        too_far = unpacked > max(_RATIO_FROM, len(data) * limits.unpacked_ratio)
        if len(listed) > limits.members or unpacked > limits.unpacked_bytes or too_far:
            raise Unreadable(
                "文件解压后过大",
                f"解压后 {unpacked / 1024 / 1024:.0f} MB、{len(listed)} 个部件，不是正常的文档",
                "请把正文复制到新建文档，另存为 .docx 后再试",
            )
        self.names = self._members.keys()

    def read(self, name: str) -> bytes:
        """The bytes of one member."""
        limits = self._budget.limits
        self._budget.tick()
        try:
            with self._zip.open(self._members[name]) as member:
                data = member.read(limits.part_bytes + 1)
        except _DAMAGED as error:
            raise Unreadable("文件已损坏", f"部件 {name} 读不出来", _REPAIR) from error
        self._read += len(data)
        if len(data) > limits.part_bytes or self._read > limits.unpacked_bytes:
            raise Unreadable(
                "文件解压后过大",
                f"部件 {name} 超过 {limits.part_bytes // 1024 // 1024} MB",
                "请把正文复制到新建文档，另存为 .docx 后再试",
            )
        return data

    def xml(self, name: str) -> "_Element":
        """One member parsed as XML; a document type, and with it any entity, is refused."""
        from lxml import etree

        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
        )
        data = self.read(name)
        self._budget.markup(data.count(b"<"))
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            if "depth" in str(error):
                self._budget.depth(self._budget.limits.depth + 1)
            raise Unreadable("文件已损坏", f"部件 {name} 不是完整的 XML", _REPAIR) from error
        if root.getroottree().docinfo.internalDTD is not None:
            raise Unreadable(
                "文件含有不允许的 XML 定义",
                "文档部件中声明了 DTD 或实体，正常的 Word、WPS 文件不会这样",
                _REPAIR,
            )
        return root
