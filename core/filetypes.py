"""What kind of file the bytes are, and whether the name says the same. Only office files, pictures and plain text pass.

Content comes first: a program renamed to .docx is refused. The ending is checked too, because it decides what a
person's computer does with the file: an installer is an OLE file like an old .doc.
"""

import re
import struct
import zipfile
import zlib
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import IO, Final

from core.errors import Refused

OFFICE: Final = "application/vnd.openxmlformats-officedocument"
OLE: Final = "application/x-ole-storage"
OLE_HEAD: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_HEAD: Final = b"PK\x03\x04"
ENDINGS: Final = {
    "application/pdf": {"pdf"},
    "application/ofd": {"ofd"},
    OLE: {"doc", "xls", "ppt", "wps", "et", "dps"},
    f"{OFFICE}.wordprocessingml.document": {"docx", "wps"},
    f"{OFFICE}.spreadsheetml.sheet": {"xlsx", "et"},
    f"{OFFICE}.presentationml.presentation": {"pptx", "dps"},
    "image/jpeg": {"jpg", "jpeg", "jfif"},
    "image/png": {"png"},
    "image/gif": {"gif"},
    "image/bmp": {"bmp"},
    "image/tiff": {"tif", "tiff"},
    "image/webp": {"webp"},
    "image/heic": {"heic", "heif"},
    "text/plain": {"txt", "csv", "md", "log"},
}
_SIGNATURES: Final = (
    (b"%PDF-", "application/pdf"),
    (OLE_HEAD, OLE),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)
_INSIDE_ZIP: Final = (
    ("word/document.xml", f"{OFFICE}.wordprocessingml.document"),
    ("xl/workbook.xml", f"{OFFICE}.spreadsheetml.sheet"),
    ("ppt/presentation.xml", f"{OFFICE}.presentationml.presentation"),
    ("OFD.xml", "application/ofd"),
)


def _entry(name: str) -> bytes:
    """An entry of an OLE file's directory as it stands there, case aside: its name, and the length of that."""
    coded = name.upper().encode("utf-16-le")
    return coded.ljust(64, b"\0") + struct.pack("<H", len(coded) + 2)


_RUNNING: Final = tuple(map(_entry, ("_VBA_PROJECT", "VBA", "\x01Ole10Native", "OCXNAME")))
"""Macros, packed files, controls."""
_PPT_MACROS: Final = re.compile(rb"\xff\x03\x14\x00{3}\x02\x00\x00\x04\x0c\x00{3}.{4}\x01", re.DOTALL)
_MACRO_SHEET: Final = re.compile(rb"\x85\x00(.)\x00.{4}[\x00-\x02]\x01(.)", re.DOTALL)
"""Excel's record of a sheet of macros (XLM): the lengths of the record and of the sheet's name."""
_EMBEDDED: Final = re.compile(
    rb"\x10\x00\x11\x10.{8}(?=\x78)", re.DOTALL
)  # an OLE file PowerPoint has packed
_DECLARED: Final = re.compile(rb"vbaproject|macroenabled|macrosheet|activex", re.IGNORECASE)
_LARGEST: Final = 64 << 20
_DEEPEST: Final = 3
_FLAGGED: Final = b"[%b]" % re.escape(bytes(range(1, 256, 2)))
_ENCRYPTED: Final = re.compile(
    b"|".join(
        (
            re.escape("EncryptedPackage".encode("utf-16-le")),
            # .doc: the flag fEncrypted in the head of its text
            rb"\xec\xa5(?:[\xc1\xd9]\x00|[\x01\x0c\x12]\x01).{7}" + _FLAGGED,
            # .xls: the record FilePass behind the first one, or behind a write protection
            rb"\x09\x08(?:\x10\x00\x00\x06.{14}|\x08\x00\x00\x05.{6})(?:\x86\x00\x00\x00)?\x2f\x00",
            # .ppt: the token of its current user
            rb"\xf6\x0f.{4}\x14\x00\x00\x00\xdf\xc4\xd1\xf3",
        )
    ),
    re.DOTALL,
)
_RUNS: Final = (b"#!", b"<", b"@echo", b"{\\rtf")
_HEAD: Final = 8192


def media_type_of(path: Path, name: str) -> str:
    """The media type of the file at `path`, which came as `name`.

    Raises: Refused, for a program, script, web page, archive or macro file, and where the ending says something else.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    media_type = signed_by(head) or _by_content(path, head)
    if media_type is None:
        accepted = "、".join(sorted({ending for endings in ENDINGS.values() for ending in endings}))
        raise Refused(f"文件“{name}”不能上传", "内容不是办公文件、图片或纯文本", f"可上传：{accepted}")
    try:
        with path.open("rb") as file:
            is_running = _runs(file)
    except (zipfile.BadZipFile, RuntimeError, ValueError, EOFError, zlib.error) as error:
        raise Refused(f"文件“{name}”已损坏或加密", "", "请用原来的软件打开检查，另存后再上传") from error
    if is_running:
        todo = "请另存为不含宏的文件，嵌入的对象改为图片或另附文件，再上传"
        raise Refused(f"文件“{name}”含有宏或嵌入的程序", "可能执行程序", todo)
    if media_type == OLE and is_encrypted(path.read_bytes()):
        raise Refused(f"文件“{name}”已加密", "", "请去掉打开密码后再上传")
    ending = _ending(name)
    if ending not in ENDINGS[media_type] and not _is_picture_by_another_name(media_type, ending):
        expected = "、".join(sorted(ENDINGS[media_type]))
        raise Refused(
            f"文件“{name}”的扩展名与内容不符", f"按内容应为 {expected}", "请用原来的软件另存后再上传"
        )
    return media_type


def _runs(file: IO[bytes], depth: int = 0) -> bool:
    """Whether macros, controls or packed programs are inside, by what they are and not by what they are called: in an OLE
    file, or in a part of a zip, which may be another zip. What hides by its size or depth is taken for one.
    """
    head = file.read(len(OLE_HEAD))
    file.seek(0)
    if depth > _DEEPEST:
        return head.startswith((OLE_HEAD, ZIP_HEAD))
    if head == OLE_HEAD:
        data = file.read()
        upper = data.upper()
        for embedded in _EMBEDDED.finditer(data):
            with suppress(zlib.error):
                packed = zlib.decompressobj().decompress(memoryview(data)[embedded.end() :], _LARGEST)
                if _runs(BytesIO(packed), depth + 1):
                    return True
        sheets = (map(ord, sheet.groups()) for sheet in _MACRO_SHEET.finditer(data))
        if _PPT_MACROS.search(data) or any(entry in upper for entry in _RUNNING):
            return True
        return any(size - name in (7, 8, 8 + name) for size, name in sheets)
    if not head.startswith(ZIP_HEAD):
        return False
    with zipfile.ZipFile(file) as archive:
        for part in archive.infolist():
            if _DECLARED.search(part.filename.encode()):
                return True
            is_declaration = part.filename.lower() == "[content_types].xml"
            with archive.open(part) as opened:
                data = opened.read(len(OLE_HEAD))
                if is_declaration or data.startswith((OLE_HEAD, ZIP_HEAD)):
                    data += opened.read(_LARGEST)
            if is_declaration and _DECLARED.search(data.replace(b"\0", b"")):
                return True
            if len(data) > _LARGEST or _runs(BytesIO(data), depth + 1):
                return True
    return False


def is_encrypted(data: bytes) -> bool:
    """Whether an OLE file is an Office file with a password to open it, of the new formats or the old."""
    return data.startswith(OLE_HEAD) and _ENCRYPTED.search(data) is not None


def true_kind(media_type: str, name: str) -> str:
    """What a picture is that is called another kind; empty where name and content agree."""
    if _ending(name) in ENDINGS.get(media_type, {""}) or not media_type.startswith("image/"):
        return ""
    return f"实为 {media_type.removeprefix('image/').upper()} 图片"


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def _is_picture_by_another_name(media_type: str, ending: str) -> bool:
    """A picture opens by its content, whatever picture its name says: telephones and chat programs name them so."""
    pictures = (endings for kind, endings in ENDINGS.items() if kind.startswith("image/"))
    return media_type.startswith("image/") and any(ending in endings for endings in pictures)


def members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """What a zip holds, by name; some programs (印象笔记) write the folders of a name with backslashes."""
    return {member.filename.replace("\\", "/"): member for member in archive.infolist()}


def signed_by(head: bytes) -> str | None:
    """The media type that the first bytes of a file tell by themselves."""
    for signature, media_type in _SIGNATURES:
        if head.startswith(signature):
            return media_type
    if head.startswith(b"BM") and head[6:10] == bytes(4):
        return "image/bmp"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1"):
        return "image/heic"
    return None


def _by_content(path: Path, head: bytes) -> str | None:
    if head.startswith(ZIP_HEAD):
        return _inside_zip(path)
    return "text/plain" if _is_plain_text(head) else None


def _inside_zip(path: Path) -> str | None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(members(archive))
    except (zipfile.BadZipFile, UnicodeDecodeError, NotImplementedError):
        return None
    return next((media_type for inside, media_type in _INSIDE_ZIP if inside in names), None)


def _is_plain_text(head: bytes) -> bool:
    """Text that neither a shell nor a browser would run."""
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_RUNS):
        return False
    return any(_decodes(head, encoding) for encoding in ("utf-8", "gb18030"))


def _decodes(head: bytes, encoding: str) -> bool:
    """Whether the bytes are text in `encoding`; a character the sample's end cut off is forgiven."""
    longest_cut = 4 if len(head) == _HEAD else 1
    for end in range(len(head), len(head) - longest_cut, -1):
        try:
            text = head[:end].decode(encoding)
        except UnicodeDecodeError:
            continue
        return not any(ord(c) < 32 and c not in "\t\r\n\f" for c in text)
    return False
