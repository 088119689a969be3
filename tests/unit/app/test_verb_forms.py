"""What an action asks for is said once: pages, programs and commands take the same fields, which are the verb's own."""

import inspect
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, get_type_hints

import pytest
import typer.main
from typer.core import TyperGroup

from app.cli import root  # the verbs are added to `task` here
from app.cli.tasks import cli
from app.web.actions import form_of, slug
from app.web.api.acting import BODIES
from app.web.api.description import describe
from app.web.forms import blank
from models.enums import Verb
from rectification.casework import VERBS
from rectification.task.lifecycle import TRANSITIONS
from rectification.verb_forms import ENTRY, FORMS, Field, Kind, entries

assert root.cli is not None
BESIDE_CODE = {Verb.HAND_OVER, Verb.RECOMPUTE}
"""What acts on many tasks at once, and is no page of one."""
SHARED_OPTIONS = {"codes", "login", "on", "paper_date", "paper_no", "paper_scan"}
verbs = pytest.mark.parametrize("verb", FORMS, ids=str)


def schema_of(verb: Verb) -> dict[str, Any]:
    """The body of a verb in the description of the API."""
    found: dict[str, Any] = describe()["components"]["schemas"][BODIES[verb].__name__]
    return found


def options_of(name: str) -> dict[str, Any]:
    """The options of a command of `rectify task`, by field."""
    group = typer.main.get_command(cli)
    assert isinstance(group, TyperGroup)
    return {each.name: each for each in group.commands[name].params if each.name not in SHARED_OPTIONS}


def parameters_of(verb: Verb) -> dict[str, bool]:
    """What a verb of casework takes beside the opened case; whether it must be given."""
    found: dict[str, bool] = {}
    hints = get_type_hints(VERBS[verb].act)
    for each in list(inspect.signature(VERBS[verb].act).parameters.values())[1:]:
        if is_dataclass(hints[each.name]):
            found |= {part.name: part.default is MISSING for part in fields(hints[each.name])}
        else:
            found[each.name] = each.default is each.empty
    return found


def test_every_verb_of_the_table_has_one_form() -> None:
    assert set(FORMS) == set(TRANSITIONS) - BESIDE_CODE == set(VERBS)


@verbs
def test_pages_programs_and_commands_ask_for_the_same(verb: Verb) -> None:
    form = FORMS[verb]
    asked = [field.key for field in form.fields]
    shown = blank(form_of(form)).fields()
    on_page = [each.name for each in shown]
    schema, options = schema_of(verb), options_of(slug(verb))

    assert len(set(asked)) == len(asked)
    assert sorted(on_page + ["file"] * form.takes_file) == sorted(asked)
    assert set(schema["properties"]) - {"seen_version", "form_key"} == set(asked)
    assert list(options) == asked
    for field in form.fields:
        assert options[field.key].opts == [field.option]
        assert field.label in options[field.key].help
        assert schema["properties"][field.key]["title"] == field.label
    assert {each.name: each.control.label for each in shown}.items() <= {
        (field.key, field.label) for field in form.fields
    }


@verbs
def test_what_must_be_given_must_be_given_everywhere(verb: Verb) -> None:
    form = FORMS[verb]
    required = {field.key for field in form.fields if field.is_required}
    untold = {field.key for field in form.fields if field.is_required and not field.stands}

    assert {each.name for each in blank(form_of(form)).fields() if each.is_required} == required
    assert set(schema_of(verb).get("required", [])) == untold
    assert {key for key, option in options_of(slug(verb)).items() if option.required} == untold


@verbs
def test_the_fields_are_what_the_verb_takes(verb: Verb) -> None:
    taken = parameters_of(verb)
    asked = {field.key: field for field in FORMS[verb].fields}

    assert set(asked) <= set(taken)
    assert {name for name, must in taken.items() if must} <= {
        key for key, field in asked.items() if field.is_required
    }


def test_a_task_is_entered_with_the_same_fields_on_page_and_command_line() -> None:
    asked = [field.key for field in ENTRY.fields]

    assert [each.name for each in blank(form_of(ENTRY)).fields()] == asked
    assert list(options_of("enter")) == asked


@pytest.mark.parametrize(
    ("key", "option"),
    [
        ("due_on", "--due"),
        ("lead_unit_id", "--lead-unit"),
        ("is_publicity_required", "--publicity-required"),
        ("minutes_no", "--minutes-no"),
        ("add_people", "--add-people"),
    ],
)
def test_an_option_is_the_key_without_how_programs_give_the_value(key: str, option: str) -> None:
    assert Field(key, Kind.LINE, "").option == option


@pytest.mark.parametrize(
    ("kind", "text", "found"),
    [
        (Kind.LINES, "补齐回证\r\n\n  开展评查 ", ("补齐回证", "开展评查")),
        (Kind.PARTS, "第一段\n仍是第一段\n　\n第二段\r\n\r\n\r\n", ("第一段\n仍是第一段", "第二段")),
        (Kind.LINES, " \n", ()),
    ],
)
def test_entries_are_read_from_what_was_written(kind: Kind, text: str, found: tuple[str, ...]) -> None:
    assert entries(kind, text) == found
