"""A decision is one page (审批单): what may be decided stands side by side under one opinion."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from starlette.datastructures import FormData

from app.web.forms import Control, Field, Filled, Form
from models.enums import ItemKind, Verb
from rectification import verb_forms
from rectification.labels import verb_label
from rectification.verb_forms import FORMS, Kind

OTHERWISE: Final[Mapping[Verb, Verb | None]] = {
    Verb.CONFIRM: None,
    Verb.VERIFY: Verb.RETURN,
    Verb.APPROVE: Verb.RETURN,
    Verb.GRANT_EXTENSION: Verb.DENY_EXTENSION,
    Verb.REDATE: Verb.DENY_EXTENSION,
    Verb.CLOSE: None,
    Verb.OBJECT: None,
    Verb.TERMINATE: None,
    Verb.DUPLICATE: None,
    Verb.MAKE_LONG_TERM: None,
    Verb.LOOK_BACK: Verb.REOPEN,
}
"""What is decided upon a page of its own, and what the same person may do instead, on the same papers."""

OPINION: Final = "opinion"
"""The field both ways take their words from."""


def is_decision(verb: Verb) -> bool:
    return verb in OTHERWISE or verb in OTHERWISE.values()


def side_by_side(verb: Verb, able: Collection[Verb]) -> tuple[Verb, ...]:
    """What stands on the page of `verb`, of all somebody is able to do: the way it goes on first."""
    pairs = ((agree, other) for agree, other in OTHERWISE.items() if verb in (agree, other))
    pair = next(((one, other) for one, other in pairs if verb is one or one in able), (verb, None))
    return tuple(each for each in pair if each is verb or (each and each in able))


def leading(able: Sequence[Verb]) -> tuple[Verb, ...]:
    """What leads to a page of its own: not what stands on another's."""
    return tuple(verb for verb in able if side_by_side(verb, able)[0] is verb)


def words_of(verb: Verb) -> verb_forms.Field:
    """The field of a decision's opinion."""
    return next(field for field in FORMS[verb].fields if field.kind is Kind.TEXT)


def with_opinion(form: FormData, verb: Verb) -> FormData:
    """The form as the verb reads it: the opinion of the page is its verdict, reason or finding."""
    if OPINION not in form:
        return form
    return FormData([*form.multi_items(), (words_of(verb).key, form[OPINION])])


def opinion(verbs: Sequence[Verb], kind: ItemKind, sent: Filled[Form] | None, said: str) -> Field:
    """The one field for all of them, with what was `said` and what was wrong with the form that was `sent`."""
    asked = [words_of(verb) for verb in verbs]
    error = next((sent.errors[each.key] for each in asked if sent and each.key in sent.errors), "")
    told = Control(asked[0].label, "area", "；".join(filter(None, _hints(verbs, kind))), rows=4)
    must = all(each.is_required for each in asked)
    return Field(OPINION, told, said, error, is_required=must, is_optional=not must, choices=())


def _hints(verbs: Sequence[Verb], kind: ItemKind) -> Iterator[str]:
    for verb in verbs:
        asked, label = words_of(verb), verb_label(verb, kind)
        if verb is verbs[0]:
            yield asked.hint or ("" if asked.is_required else f"{label}的可以不写")
        else:
            yield f"{label}的写明{asked.hint or '理由'}"
