"""What kind of file the bytes are, and whether the name says the same. Only office files, pictures and plain text pass.

Content comes first: a program renamed to .docx is refused. The ending is checked too, because it decides what a
person's computer does with the file: an installer is an OLE file like an old .doc.
"""

import re
import zipfile
from pathlib import Path
from typing import Final

from core.errors import Refused

OFFICE: Final = "application/vnd.openxmlformats-officedocument"
OLE: Final = "application/x-ole-storage"
OLE_HEAD: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
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
_MACROS: Final = ("word/vbaProject.bin", "xl/vbaProject.bin", "ppt/vbaProject.bin")
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
    media_type = _by_signature(head) or _by_content(path, head, name)
    if media_type is None:
        accepted = "、".join(sorted(ending for endings in ENDINGS.values() for ending in endings))
        raise Refused(f"文件“{name}”不能上传", "内容不是办公文件、图片或纯文本", f"可上传：{accepted}")
    if media_type == OLE and is_encrypted(path.read_bytes()):
        raise Refused(f"文件“{name}”已加密", "", "请去掉打开密码后再上传")
    ending = _ending(name)
    if ending not in ENDINGS[media_type] and not _is_picture_by_another_name(media_type, ending):
        expected = "、".join(sorted(ENDINGS[media_type]))
        raise Refused(
            f"文件“{name}”的扩展名与内容不符", f"按内容应为 {expected}", "请用原来的软件另存后再上传"
        )
    return media_type


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


def _by_signature(head: bytes) -> str | None:
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


def _by_content(path: Path, head: bytes, name: str) -> str | None:
    if head.startswith(b"PK\x03\x04"):
        return _inside_zip(path, name)
    return "text/plain" if _is_plain_text(head) else None


def _inside_zip(path: Path, name: str) -> str | None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(members(archive))
    except (zipfile.BadZipFile, UnicodeDecodeError, NotImplementedError):
        return None
    if not names.isdisjoint(_MACROS):
        raise Refused(f"文件“{name}”含有宏", "宏可能执行程序", "请另存为不含宏的文件后上传")
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
