"""What a program sends: a page's form as a body, with the same fields and limits; unknown ones are refused."""

from collections.abc import Iterable
from io import BytesIO
from typing import Annotated, Any, Final, TypeVar

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, create_model
from starlette.datastructures import UploadFile

from app.web.forms import Form

F = TypeVar("F", bound=Form)

SEEN_VERSION: Final = Field(
    None, ge=1, le=2**31 - 1, title="看到的版本", description="取自任务的 version；任务已被别人改动时拒绝办理"
)
FORM_KEY: Final = Field(
    "", max_length=64, title="防重编号", description="自拟；编号和内容都相同的，只办一次，再来的拒绝（409）"
)


class FileBody(BaseModel):
    """一个文件。"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(min_length=1, max_length=200, title="文件名")]
    content: Annotated[Base64Bytes, Field(title="内容", description="base64")]

    @property
    def upload(self) -> UploadFile:
        """As it would have come with a page's form."""
        return UploadFile(BytesIO(self.content), size=len(self.content), filename=self.name)


FILE: Final[Any] = (FileBody, Field(title="文件"))
FILES: Final[Any] = (list[FileBody], Field([], max_length=20, title="文件"))


def as_body(form: type[F], name: str, says: str, must: Iterable[str] | None = None, **beside: Any) -> type[F]:
    """The form as a body of this name, with a key by which one that is sent again is known.

    `must` are the fields a program has to send, where they are others than the form's: what is proposed may be left out.
    """
    known = {**beside, "form_key": (str, FORM_KEY)}
    more = {} if must is None else {"json_schema_extra": {"required": [*must]}}
    return create_model(
        name, __base__=form, __doc__=says, __cls_kwargs__={"extra": "forbid", **more}, **known
    )


def in_description(body: type[Form]) -> dict[str, Any]:
    """Where a route that reads its body itself says which it is."""
    schema = {"$ref": f"#/components/schemas/{body.__name__}"}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}
