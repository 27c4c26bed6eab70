"""Each framework's application may be wrapped, as mypy and pyright see it, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import falcon.asgi
import fastapi
import quart
from blacksheep import Application, Router
from litestar import Litestar
from starlette.applications import Starlette

from ws_handshake import WebSocketHandshakeMiddleware as Wrapped
from ws_handshake.testing import VALID, assert_rejected, attempt

if TYPE_CHECKING:
    import starlette.types

BROKEN = VALID.without(b"upgrade")


def test_no_application_needs_a_cast_to_be_wrapped_and_attempted() -> None:
    wrapped = [
        Wrapped(Starlette()),
        Wrapped(fastapi.FastAPI()),
        Wrapped(Litestar([], logging_config=None)),
        Wrapped(quart.Quart("typed")),
        Wrapped(falcon.asgi.App()),
        Wrapped(Application(router=Router())),
    ]
    for app in wrapped:
        assert_rejected(attempt(app, BROKEN), "upgrade_missing")


def test_what_is_wrapped_is_an_application_for_starlette() -> None:
    mounted: starlette.types.ASGIApp = Wrapped(Starlette())
    outer = Starlette()
    outer.mount("/", mounted)
    assert_rejected(attempt(outer, BROKEN), "upgrade_missing")
