"""Word templates with fields that an office may replace by its own.

A template is a .docx with Jinja2 fields (docxtpl), to be opened and changed in Word or WPS. A replaced one is rendered in a
sandbox, and a field it names that does not exist is refused by name.
"""

import io
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.sandbox import SandboxedEnvironment

from core.errors import Unreadable
from documents.word.layout import TEMPLATES, steady

MAX_BYTES: Final = 5 * 1024 * 1024
_UNKNOWN: Final = re.compile(r"'([^']+)'(?: is undefined)?$")

Context = Mapping[str, Any]


class WordTemplate:
    """A template by its name; `own` is the office's file where it has one."""

    def __init__(self, name: str, folder: Path | None = None) -> None:
        self.file_name = f"{name}.docx"
        own = folder / self.file_name if folder else None
        self.own = own if own is not None and own.is_file() else None

    def source(self) -> bytes:
        """The template's file.

        Raises: Unreadable, where the office's own is too large to be one.
        """
        if self.own is None:
            return (TEMPLATES / self.file_name).read_bytes()
        if self.own.stat().st_size > MAX_BYTES:
            raise Unreadable(f"Word 模板 {self.file_name} 过大", "", "请删去其中的图片后再试")
        return self.own.read_bytes()

    def render(self, context: Context) -> bytes:
        """The paper as a file: the same context gives the same bytes.

        Raises: Unreadable, naming what is wrong with the template.
        """
        environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
        try:
            template = DocxTemplate(io.BytesIO(self.source()))
            template.render(dict(context), jinja_env=environment)
        except UndefinedError as error:
            raise self._refusal(f"用到了没有的字段：{_field(error)}") from error
        except TemplateSyntaxError as error:
            raise self._refusal(f"字段写法有误：{error.message}") from error
        except (TemplateError, TypeError, OverflowError) as error:
            raise self._refusal(f"字段不能这样用：{error}") from error
        except (BadZipFile, KeyError, OSError, SyntaxError, ValueError) as error:
            raise self._refusal("不是完整的 Word 文档") from error
        stored = io.BytesIO()
        template.save(stored)
        return steady(stored.getvalue())

    def problem(self, sample: Context) -> str:
        """What is wrong with the template, found by rendering a sample; empty where nothing is."""
        try:
            self.render(sample)
        except Unreadable as error:
            return error.line
        return ""

    def _refusal(self, why: str) -> Unreadable:
        return Unreadable(
            f"Word 模板 {self.file_name} 用不了",
            why,
            "请取得模板的原样，按其中的字段修改",
            command="rectify briefing template",
        )


def _field(error: UndefinedError) -> str:
    message = str(error.message)
    found = _UNKNOWN.search(message)
    return found[1] if found else message
