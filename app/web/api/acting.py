"""What programs may do: every verb that has a page, under the verb's name, with the fields of the page's form.

What a program leaves out is what the page would have proposed: correcting a title does not lift a restriction.
"""

from collections.abc import Callable
from copy import copy
from io import BytesIO
from typing import Annotated, Any, Final

from fastapi import APIRouter
from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, create_model

from app.web.actions.all_actions import ACTIONS, slug
from app.web.api.door import Call, Calling
from app.web.api.shapes import Outcome
from app.web.forms import Form, controls
from app.web.task_in_view import do, file_store, seen_file
from core.files import StoredFile
from models.enums import ItemKind, Verb
from rectification.labels import verb_label

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
    form, fields = ACTIONS[verb].form, dict[str, Any]()
    for name, control in controls(form).items():
        described = copy(form.model_fields[name])
        described.title, described.description = control.label, control.hint or None
        fields[name] = (described.annotation, described)
    if ACTIONS[verb].takes_file:
        fields["file"] = (FileBody | None, Field(None, title="文件"))
    called = "".join(part.title() for part in verb.value.split("_"))
    return create_model(
        f"{called}Body",
        __base__=form,
        __doc__=ACTIONS[verb].explains,
        __cls_kwargs__={"extra": "forbid"},
        seen_version=(int | None, SEEN_VERSION),
        **fields,
    )


BODIES: Final = {verb: body_of(verb) for verb in ACTIONS}


def _endpoint(verb: Verb) -> Callable[[Call, str], Outcome]:
    def act(call: Calling, code: str) -> Outcome:
        visit, action = call.visit, ACTIONS[verb]
        _, file = seen_file(visit, code)
        body = call.read(BODIES[verb], action.proposes(file))
        form = action.form.model_validate(body.model_dump(include=set(action.form.model_fields)))
        stored = _stored(call, getattr(body, "file", None))
        seen_version: int | None = getattr(body, "seen_version", None)
        done = do(visit, verb, visit.acting, code, form, seen_version=seen_version, stored=stored)
        return Outcome.of(done)

    return act


def _stored(call: Call, file: FileBody | None) -> StoredFile | None:
    return file_store(call.visit).keep(BytesIO(file.content), file.name) if file else None


for _verb in ACTIONS:
    router.add_api_route(
        f"/{slug(_verb)}",
        _endpoint(_verb),
        methods=["POST"],
        name=f"api_act_{_verb.value}",
        summary=verb_label(_verb, ItemKind.SHORTCOMING),
        description=ACTIONS[_verb].explains,
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": {"schema": {"$ref": f"#/components/schemas/{BODIES[_verb].__name__}"}}
                },
            }
        },
    )
