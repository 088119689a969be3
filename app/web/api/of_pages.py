"""What programs have of a page: its own address under /api, done by its own function, under its own rule.

So nothing is said twice: fields and limits are the form's, what is left out is what the page proposes, refusals are the
verb's, and an answer is what the page knows.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from inspect import Parameter, signature, unwrap
from typing import Any

from fastapi.routing import APIRoute
from pydantic import BaseModel, create_model
from starlette.datastructures import FormData, UploadFile

from app.web.api.bodies import FileBody, as_body
from app.web.api.door import Call, Caller, Calling
from app.web.api.problem import Malformed
from app.web.api.shapes import Done, Shape
from app.web.forms import Form, Mistyped, RecordId
from app.web.page_request import Visit
from app.web.pages import Endpoint, Onward, Shown


@dataclass(frozen=True)
class OfPage:
    """A page, of which programs are given what `gives` names; or else the file it hands out.

    `way` is the button, where a page has several; what stands behind a - in it is the part of the address it is about.
    """

    page: Endpoint
    summary: str
    gives: Mapping[str, Any] = field(default_factory=dict, kw_only=True)
    way: str = field(default="", kw_only=True)

    @property
    def route(self) -> APIRoute:
        """The page's own."""
        routes: list[APIRoute] = import_module(self.page.__module__).router.routes
        return next(each for each in routes if each.endpoint is self.page)

    @property
    def name(self) -> str:
        return "_".join(filter(None, ("api", self.route.name, self.way.partition("-")[0])))

    @property
    def path(self) -> str:
        way, _, about = self.way.partition("-")
        return "/".join(filter(None, (self.route.path, about, way)))

    @property
    def called(self) -> str:
        """How the description names its body and its answer."""
        return self.name.removeprefix("api_").replace("_post", "").title().replace("_", "")

    def answer(self) -> type[BaseModel]:
        """What it gives, as one object."""
        fields: dict[str, Any] = {name: (of, ...) for name, of in self.gives.items()}
        return create_model(f"{self.called}Answer", __base__=Shape, __doc__=f"{self.summary}。", **fields)

    def endpoint(self, answer: type[BaseModel] | None) -> Callable[..., Any]:
        """What a program's request is answered by."""

        def show(visit: Visit, **address: Any) -> Any:
            found = self.page(visit, **address)
            return answer.model_validate(found.context) if answer and isinstance(found, Shown) else found

        return self.asks(show, Parameter("visit", Parameter.KEYWORD_ONLY, annotation=Caller))

    def asks(self, act: Callable[..., Any], first: Parameter) -> Callable[..., Any]:
        """`act` with the parts of the address that the page has."""
        parts = [each for each in signature(self.page).parameters.values() if each.name != "visit"]
        more = set(re.findall(r"{(\w+)}", self.path)) - {each.name for each in parts}
        parts += [Parameter(name, Parameter.KEYWORD_ONLY, annotation=RecordId) for name in more]
        rest = [each.replace(kind=Parameter.KEYWORD_ONLY) for each in parts]
        act.__signature__ = signature(act).replace(parameters=[first, *rest])  # type: ignore[attr-defined]
        return act


@dataclass(frozen=True)
class Filing(OfPage):
    """A page's form that programs send: `do` is what the button says if not its way, `beside` and `must` are `as_body`'s."""

    form: type[Form] = Form
    do: str = field(default="", kw_only=True)
    beside: Mapping[str, Any] = field(default_factory=dict, kw_only=True)
    must: tuple[str, ...] | None = field(default=None, kw_only=True)

    def body(self) -> type[Form]:
        """The form as a body."""
        return as_body(self.form, f"{self.called}Filing", self.summary, self.must, **self.beside)

    def files(self, body: type[Form], answer: type[BaseModel]) -> Callable[..., Any]:
        """What a program's body is taken by."""
        act, page = unwrap(self.page), getattr(self.page, "page", None)

        def done(call: Call, **address: Any) -> Any:
            visit = call.visit
            ids = {name: value for name, value in address.items() if name in signature(act).parameters}
            if page and self.form.model_fields:
                page(visit, **ids)
            said = visit.proposed.get(self.form, {})
            sent = call.read(body, {name: said[name] for name in said.keys() & body.model_fields.keys()})
            visit.body = sent
            visit.form = as_form(sent, visit, (self.do or self.way).format(**address))
            try:
                found = act(visit, **ids)
            except Mistyped:
                raise Malformed from None
            finally:
                visit.take_back_unheld()
            if isinstance(found, Onward):
                return Done(said=found.note, made=found.made, page=found.address)
            return answer.model_validate(found.context)

        return self.asks(done, Parameter("call", Parameter.KEYWORD_ONLY, annotation=Calling))


def as_form(sent: Form, visit: Visit, do: str) -> FormData:
    """What a page reads by name, and what one sending is known by: the button, who and where, and each field as it is typed."""
    items: list[tuple[str, str | UploadFile]] = [("do", do), ("at", visit.request.url.path)]
    items.append(("by", str(visit.actor.person_id)))
    for name in type(sent).model_fields:
        value = getattr(sent, name)
        for each in value if isinstance(value, (list, tuple)) else [value]:
            if isinstance(each, Form):  # a row of a page that repeats a form
                items += [(f"{getattr(each, 'code', '')}-{key}", str(said)) for key, said in each]
            elif isinstance(each, dict):
                items += [(f"{name}-{key}", said) for key, said in each.items()]
            elif each is not None:
                items.append((name, each.upload if isinstance(each, FileBody) else str(each)))
    return FormData(items)
