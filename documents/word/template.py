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

from docx import Document
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.sandbox import SandboxedEnvironment

from core.errors import Unreadable
from core.text import shortened
from documents.template_files import in_force, own_file, refusal
from documents.word.layout import steady
from documents.word.styles import unbroken

_UNKNOWN: Final = re.compile(r"'([^']+)'(?: is undefined)?$")

Context = Mapping[str, Any]


class WordTemplate:
    """A template by its name; `own` is the office's file where it has one."""

    def __init__(self, name: str, folder: Path | None = None) -> None:
        self.file_name = f"{name}.docx"
        self._folder = folder
        self.own = own_file(self.file_name, folder)

    def source(self) -> bytes:
        """The template's file. Raises: Unreadable, where the office's own is too large to be one."""
        return in_force(self.file_name, self._folder)

    def render(self, context: Context) -> bytes:
        """The paper as a file: the same context gives the same bytes.

        Raises: Unreadable, naming what is wrong with the template.
        """
        environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
        try:
            template = DocxTemplate(io.BytesIO(self.source()))
            template.render(dict(context), jinja_env=environment)
        except UndefinedError as error:
            field = _field(error)
            raise self._refusal(f"用到了没有的字段：{field}", field) from error
        except TemplateSyntaxError as error:
            place = list(getattr(error, "docx_context", ()))[
                min(error.lineno, 4) - 1 :
            ]  # docxtpl cuts it out
            raise self._refusal(f"字段写法有误：{error.message}", at="".join(place[:1])) from error
        except (TemplateError, TypeError, OverflowError) as error:
            raise self._refusal(f"字段不能这样用：{error}", "__") from error
        except (BadZipFile, KeyError, OSError, SyntaxError, ValueError) as error:
            raise refusal(self.file_name, "不是完整的 Word 文档") from error
        stored = io.BytesIO()
        unbroken(template.docx)
        template.save(stored)
        return steady(stored.getvalue())

    def problem(self, sample: Context) -> str:
        """What is wrong with the template, found by rendering a sample; empty where nothing is."""
        try:
            self.render(sample)
        except Unreadable as error:
            return error.line
        return ""

    def _refusal(self, why: str, words: str = "", at: str = "") -> Unreadable:
        """A refusal that names the paragraph: the one given, or the first that holds these words in a field."""
        paragraphs = Document(io.BytesIO(self.source())).element.body.iter(qn("w:p"))
        texts = ("".join(part.text or "" for part in each.iter(qn("w:t"))) for each in paragraphs if words)
        found = at or next((text for text in texts if words in text and "{" in text), "")
        return refusal(self.file_name, why, shortened(found.strip(), 40))


def _field(error: UndefinedError) -> str:
    message = str(error.message)
    found = _UNKNOWN.search(message)
    return found[1] if found else message
