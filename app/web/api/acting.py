"""What programs may do: every verb that has a page, under the verb's name, with the fields of the page's form.

What a program leaves out is what the page would have proposed: correcting a title does not lift a restriction.
"""

from collections.abc import Callable
from io import BytesIO
from typing import Annotated, Any, Final

from fastapi import APIRouter
from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, create_model

from app.web.actions import form_of, proposes, slug
from app.web.api.door import Call, Calling
from app.web.api.shapes import Outcome
from app.web.forms import Form
from app.web.task_in_view import do, seen_file
from models.enums import ItemKind, Verb
from rectification.labels import verb_label
from rectification.verb_forms import FORMS

router = APIRouter(prefix="/api/tasks/{code}")

SEEN_VERSION: Final = Field(
    None, ge=1, le=2**31 - 1, title="看到的版本", description="取自任务的 version；任务已被别人改动时拒绝办理"
)


class FileBody(BaseModel):
    """一个文件。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(min_length=1, max_length=200, title="文件名")]
    content: Annotated[Base64Bytes, Field(title="内容", description="base64")]


def body_of(verb: Verb) -> type[Form]:
    """The form of a verb's page as a body: the same fields and limits, unknown ones refused."""
    form, beside = form_of(FORMS[verb]), dict[str, Any]()
    if FORMS[verb].takes_file:
        beside["file"] = (FileBody | None, Field(None, title="文件"))
    return create_model(
        form.__name__.replace("Form", "Body"),
        __base__=form,
        __doc__=FORMS[verb].explains,
        __cls_kwargs__={"extra": "forbid"},
        seen_version=(int | None, SEEN_VERSION),
        **beside,
    )


BODIES: Final = {verb: body_of(verb) for verb in FORMS}


def _endpoint(verb: Verb) -> Callable[[Call, str], Outcome]:
    def act(call: Calling, code: str) -> Outcome:
        visit = call.visit
        _, file = seen_file(visit, code)
        body = call.read(BODIES[verb], proposes(verb, file))
        values = body.model_dump(exclude={"file", "seen_version"})
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
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": {"schema": {"$ref": f"#/components/schemas/{BODIES[_verb].__name__}"}}
                },
            }
        },
    )
