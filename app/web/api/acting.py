"""What programs may do: every verb that has a page, under the verb's name, with the fields of the page's form.

What a program leaves out is what the page would have proposed: correcting a title does not lift a restriction.
"""

from collections.abc import Callable
from io import BytesIO
from typing import Any, Final

from fastapi import APIRouter
from pydantic import Field

from app.web.actions import form_of, proposes, slug
from app.web.api.bodies import SEEN_VERSION, FileBody, as_body, in_description
from app.web.api.door import Call, Calling
from app.web.api.of_pages import as_form
from app.web.api.shapes import Outcome
from app.web.forms import Form
from app.web.task_in_view import do, seen_file
from models.enums import ItemKind, Verb
from rectification.labels import verb_label
from rectification.verb_forms import FORMS

router = APIRouter(prefix="/api/tasks/{code}")


def body_of(verb: Verb) -> type[Form]:
    """The form of a verb's page as a body: the same fields and limits, unknown ones refused."""
    asked, beside = FORMS[verb], dict[str, Any]()
    if asked.takes_file:
        beside["file"] = (FileBody | None, Field(None, title="文件"))
    form = form_of(asked)
    name = form.__name__.replace("Form", "Body")
    must = [field.key for field in asked.fields if field.is_required and not field.stands]
    return as_body(form, name, asked.explains, must, seen_version=(int | None, SEEN_VERSION), **beside)


BODIES: Final = {verb: body_of(verb) for verb in FORMS}


def _endpoint(verb: Verb) -> Callable[[Call, str], Outcome]:
    def act(call: Calling, code: str) -> Outcome:
        visit = call.visit
        _, file = seen_file(visit, code)
        body = call.read(BODIES[verb], proposes(verb, file))
        values = body.model_dump(exclude={"file", "seen_version", "form_key"})
        visit.form = as_form(body, visit, slug(verb))
        seen_version: int | None = getattr(body, "seen_version", None)
        try:
            if sent := getattr(body, "file", None):
                values["file"] = visit.keep(BytesIO(sent.content), sent.name)
            done = do(visit, verb, visit.acting, code, values, seen_version=seen_version)
        finally:
            visit.take_back_unheld()
        return Outcome.model_validate(done)

    return act


for _verb in FORMS:
    router.add_api_route(
        f"/{slug(_verb)}",
        _endpoint(_verb),
        methods=["POST"],
        name=f"api_act_{_verb.value}",
        summary=verb_label(_verb, ItemKind.SHORTCOMING),
        description=FORMS[_verb].explains,
        openapi_extra=in_description(BODIES[_verb]),
    )
