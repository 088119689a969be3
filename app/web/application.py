"""The board's FastAPI application, put together from its routers; every route has a row in the access table."""

from collections.abc import Callable
from functools import partial
from importlib import import_module
from pkgutil import walk_packages
from typing import Any, Final
from urllib.parse import urlsplit

from anyio.to_thread import run_sync
from fastapi import FastAPI, Request
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute
from starlette.staticfiles import StaticFiles

from app.web import api, errors, pages, routers
from app.web.access import ACCESS
from app.web.assets import PICTURES, STATIC
from app.web.security import Shield
from app.web.site import Site, site_of
from core.clock import Clock, read_clock
from core.db import Database
from core.errors import Unavailable
from core.machine import disk_trouble
from core.settings import Settings
from documents.template_files import stand_in
from notifications.health import faults as mail_faults
from rectification.office.address import address_of
from rectification.office.calendar import load_calendar

PULSE: Final = 2.0
"""Seconds /healthz waits to be let write: whoever asks waits about three."""


def create_app(settings: Settings, database: Database, clock: Callable[[], Clock] | None = None) -> FastAPI:
    """The board of one installation. `clock` stands in for the real one in tests.

    Raises: RuntimeError, where a route has no row in the access table.
    """
    # Handed over as one flat list, so that app.routes names every page and the table can be held against it.
    app = FastAPI(
        title="整改台账",
        routes=routes(),
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,  # it would lead to whatever host the request names
    )
    stand_in(settings.template_dir)
    with database.reading() as session:
        root = urlsplit(address_of(session, settings).url).path.rstrip("/")
    templates = pages.environment(settings.zone, root)
    app.state.site = Site(settings, database, clock or partial(read_clock, settings.zone), templates, root)
    app.add_middleware(Shield, root=root, file_megabytes=settings.evidence_megabytes)
    errors.install(app)
    app.add_api_route("/healthz", healthz, name="healthz")
    app.mount("/static/guide", StaticFiles(directory=PICTURES), name="static_guide")
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.state.routes = {name_of(route): route for route in app.routes}
    if unguarded := app.state.routes.keys() - ACCESS.keys():
        raise RuntimeError(f"routes without a row in the access table: {unguarded}")
    return app


def routes() -> list[BaseRoute]:
    """Every page and every address for programs, by address: a word stands before a {name} that would take it."""
    found = (
        import_module(module.name)
        for package in (routers, api)
        for module in walk_packages(package.__path__, f"{package.__name__}.")
    )
    known: list[Any] = [route for each in found if hasattr(each, "router") for route in each.router.routes]
    return sorted(known, key=lambda route: route.path)


async def healthz(request: Request) -> PlainTextResponse:
    """Whether the process answers, can write, and people are being told: 503 with the reasons where not.

    It waits behind no page: its thread is its own, and so is its connection.
    """
    site = site_of(request)
    faults = await run_sync(_faults, site, limiter=site.pulse)
    return PlainTextResponse("\n".join(faults) or "ok", 503 if faults else 200)


def _faults(site: Site) -> list[str]:
    trouble = disk_trouble(site.settings.data_dir)
    told = [trouble] if trouble else []
    try:
        with site.database.unit_of_work(patience=PULSE) as session:
            told += mail_faults(session, site.read_clock(), load_calendar(session))
    except Unavailable as error:
        told.append(error.what)
    return told


def name_of(route: BaseRoute) -> str:
    """A route's name, by which the access table knows it."""
    return str(getattr(route, "name", ""))
