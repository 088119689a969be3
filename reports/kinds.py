"""What kind of file the bytes are, judged by content; a kind no reader knows is refused with what to do."""

import re
import zipfile
from io import BytesIO

from core.errors import Unreadable
from core.filetypes import OLE_HEAD, is_encrypted, members, signed_by

_TO_DOCX = "请用 Word 或 WPS 打开后另存为 .docx"
_MAGIC = (
    (b"{\\rtf", "RTF 文档", _TO_DOCX),
    (b"Rar!", "压缩包", "请先解压，再选择里面的报告文件"),
    (b"7z\xbc\xaf\x27\x1c", "压缩包", "请先解压，再选择里面的报告文件"),
    (b"\x1f\x8b", "压缩包", "请先解压，再选择里面的报告文件"),
    (b"\x7fELF", "程序", "请选择报告文件"),
    (b"MZ", "程序", "请选择报告文件"),
    (b"SQLite format 3", "数据库", "请选择报告文件"),
)
_OLE_STREAMS = (
    ("PowerPoint Document", "演示文稿（.ppt）", "请把正文复制到 Word 或 WPS 文档，另存为 .docx"),
    ("Workbook", "表格（.xls）", "请把正文复制到 Word 或 WPS 文档，另存为 .docx"),
    ("WpsDocument", "WPS 文字旧格式（.wps）", _TO_DOCX),
    ("WordDocument", "Word 97-2003 文档（.doc）", _TO_DOCX),
)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|table|div|p|br|frameset)[\s/>]", re.IGNORECASE)
_MIME_VERSION = re.compile(rb"^MIME-Version:", re.IGNORECASE | re.MULTILINE)
_MIME_HTML = re.compile(rb"^Content-Type:\s*(?:multipart/related|text/html)", re.IGNORECASE | re.MULTILINE)
_MARKDOWN_ENDINGS = (".md", ".markdown", ".mdown")
_HTML_ENDINGS = (".htm", ".html", ".shtml", ".xhtml")
_SNIFF = 4096


def kind_of(data: bytes, name: str) -> str:
    """The key in READERS of the reader that takes the file.

    Only plain text of two kinds is told apart by name: a .md file is markdown, all other text is .txt.
    Raises: Unreadable.
    """
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK"):
        return _zip_kind(data)
    if data.startswith(OLE_HEAD):
        _refuse_ole(data)
    for magic, what, todo in _MAGIC:
        if data.startswith(magic) and not _is_prose(data):
            _refuse(what, todo)
    if (signed_by(data) or "").startswith("image/"):
        _refuse("图片", "请用 OCR 软件识别成文字后另存为 .docx")
    return _text_kind(data, name.lower())


def _is_prose(data: bytes) -> bool:
    """Whether bytes that open like a program are ASCII text after all ("MZ…")."""
    return len(data) > 2 and data[:2] == b"MZ" and b"\x00" not in data[:_SNIFF]


def _text_kind(data: bytes, name: str) -> str:
    opening = data[:_SNIFF].replace(b"\x00", b"")
    if opening.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<?xml"):
        if b"schemas.microsoft.com/office/word/2003" in opening or b"xmlPackage" in opening:
            _refuse("Word XML 文档", _TO_DOCX)
        if b"uof" in opening[:1000].lower():
            _refuse("UOF 文档", _TO_DOCX)
    if _MIME_VERSION.search(opening) and _MIME_HTML.search(opening):
        return "mht"
    if _HTML.search(opening) and (not name.endswith(_MARKDOWN_ENDINGS) or opening.lstrip()[:1] == b"<"):
        return "html"
    if name.endswith(_HTML_ENDINGS):
        return "html"
    return "md" if name.endswith(_MARKDOWN_ENDINGS) else "txt"


def _zip_kind(data: bytes) -> str:
    try:
        names = set(members(zipfile.ZipFile(BytesIO(data))))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, LookupError) as error:
        raise Unreadable(
            "文件已损坏", "压缩结构不完整，可能没有下载完", "请重新下载，或用 Word、WPS 打开后另存为 .docx"
        ) from error
    if any(name.startswith("word/") for name in names):
        return "docx"
    if "OFD.xml" in names:
        _refuse("OFD 版式文件", "请用 OFD 阅读器转换为 .docx 或可复制文字的 .pdf")
    if any(name.startswith("xl/") for name in names):
        _refuse("表格（.xlsx）", "请把正文复制到 Word 或 WPS 文档，另存为 .docx")
    if any(name.startswith("ppt/") for name in names):
        _refuse("演示文稿（.pptx）", "请把正文复制到 Word 或 WPS 文档，另存为 .docx")
    if "content.xml" in names and "META-INF/manifest.xml" in names:
        _refuse("OpenDocument 文档", _TO_DOCX)
    _refuse("压缩包", "请先解压，再选择里面的报告文件")
    raise AssertionError


def _refuse_ole(data: bytes) -> None:
    if is_encrypted(data):
        _refuse("加密的 Office 文件", "请用 Word 或 WPS 输入密码打开，取消密码后另存为 .docx")
    for stream, what, todo in _OLE_STREAMS:
        if stream.encode("utf-16-le") in data:
            _refuse(what, todo)
    _refuse("旧格式 Office 文件", _TO_DOCX)


def _refuse(what: str, todo: str) -> None:
    raise Unreadable(f"不能直接读取{what}", "能读取的格式是 .docx、.pdf（有文字层）、.html、.md、.txt", todo)
