"""The command line's own frame in Chinese: help headings and misuse. Typer says these in English and not otherwise."""

import re
from collections.abc import Callable, MutableMapping
from functools import cached_property
from pkgutil import resolve_name
from typing import Any, Final, TypeVar

import typer
from typer import _click as click
from typer.core import TyperCommand, TyperGroup

F = TypeVar("F", bound=Callable[..., Any])

_HELP: Final = {"help_option_names": ["-h", "--help"]}

_HEADINGS: Final = (
    (re.compile(r"^Usage: ", re.MULTILINE), "用法："),
    (re.compile(r"^Options:$", re.MULTILINE), "选项："),
    (re.compile(r"^Commands:$", re.MULTILINE), "命令："),
    (re.compile(r"^Arguments:$", re.MULTILINE), "参数："),
    (re.compile(r"\[OPTIONS\]"), "[选项]"),
    (re.compile(r"COMMAND \[ARGS\]\.\.\."), "命令 [参数]..."),
    (re.compile(r"Show this message and exit\."), "显示本说明"),
    (re.compile(r"\[required\]"), "[必填]"),
    (re.compile(r"\[default: (.*?)\]"), r"[默认 \1]"),
    (re.compile(r"; required\]"), "；必填]"),
    (re.compile(r"\{(\S+?)(?:\.\.\.)?\}\.\.\."), r"\1..."),
)

_MISUSES: Final = (
    (re.compile(r"No such option: (\S+).*"), r"没有选项 \1"),
    (re.compile(r"No such command '(.*)'\..*"), r"没有命令 \1"),
    (re.compile(r"Missing command\."), "没有写命令"),
    (re.compile(r"Missing (?:argument|option|parameter) '(.*?)'\..*", re.DOTALL), r"缺少 \1"),
    (re.compile(r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)"), r"多出了参数 \1"),
    (re.compile(r"Option '(.*)' requires an argument\."), r"选项 \1 后面要写值"),
    (re.compile(r"Option '(.*)' does not take a value\."), r"选项 \1 后面不写值"),
    (re.compile(r"Invalid value for '?(.*?)'?: (.*)", re.DOTALL), r"\1 的值不对：\2"),
    (re.compile(r"^Invalid value: "), ""),
    (re.compile(r"\w+ '(.*)' (?:does not exist|is not readable)\."), r"没有文件 \1，或者读不到它"),
    (re.compile(r"\w+ '(.*)' is a directory\."), r"\1 是文件夹"),
    (re.compile(r"'(.*)' is not one of (.*)\."), r"“\1”不是 \2 之一"),
    (re.compile(r"Value '(.*)' is not a valid .*"), r"“\1”的格式不对"),
    (re.compile(r"Value error, "), ""),
    (re.compile(r"Input should be a valid integer.*"), "应为整数"),
    (re.compile(r"Input should be (?:greater|less) than or equal to (\d+)"), r"超出范围（界限 \1）"),
)


def help_in_chinese(text: str) -> str:
    """Help as Typer lays it out, its headings in Chinese."""
    for pattern, replacement in _HEADINGS:
        text = pattern.sub(replacement, text)
    return text


def misuse_in_chinese(message: str) -> str:
    """What was wrong with a command line; a message not known here stays as it is."""
    for pattern, replacement in _MISUSES:
        message = pattern.sub(replacement, message)
    return message


class ChineseCommand(TyperCommand):
    """A command whose help has Chinese headings."""

    def get_help(self, ctx: click.Context) -> str:
        return help_in_chinese(super().get_help(ctx))


class ChineseGroup(TyperGroup):
    """A group of commands whose help has Chinese headings."""

    def get_help(self, ctx: click.Context) -> str:
        return help_in_chinese(super().get_help(ctx))


class Family(ChineseGroup):
    """A family of commands that stand in the Cli at `place` (module:name), imported when one of them is asked for."""

    def __init__(self, name: str, place: str, told: str) -> None:
        super().__init__(
            name=name, help=told, no_args_is_help=True, rich_markup_mode=None, context_settings=_HELP
        )
        self._place = place
        del self.commands

    @cached_property
    def commands(self) -> MutableMapping[str, click.Command]:  # type: ignore[override]
        return typer.main.get_group(resolve_name(self._place)).commands


class Cli(typer.Typer):
    """Some commands; `help` is one Chinese sentence."""

    def __init__(self, help: str = "", **more: Any) -> None:  # noqa: A002  (Typer's own name)
        super().__init__(
            cls=ChineseGroup,
            help=help,
            no_args_is_help=True,
            add_completion=False,
            rich_markup_mode=None,
            context_settings=_HELP,
            **more,
        )

    def command(self, name: str | None = None, **more: Any) -> Callable[[F], F]:
        more.setdefault("cls", ChineseCommand)
        return super().command(name, **more)
