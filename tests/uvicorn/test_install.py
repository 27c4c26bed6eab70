"""Our class goes in the place of uvicorn's own, and of nothing else."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import pytest
from uvicorn import Config
from uvicorn.protocols.http import h11_impl, httptools_impl

from tests.support.protocols import OWN, Echo
from ws_handshake.uvicorn import H11Protocol, HttpToolsProtocol
from ws_handshake.uvicorn.install import SEAMS, install

each_own = pytest.mark.parametrize(
    ("own", "ours"),
    [
        (h11_impl.H11Protocol, H11Protocol),
        (httptools_impl.HttpToolsProtocol, HttpToolsProtocol),
    ],
)


def _config(protocol: Any = "h11") -> Config:
    config = Config(Echo(), http=protocol, ws="wsproto", log_config=None)
    config.load()
    return config


def _installed(config: Any) -> str | None:
    """Install in an event loop, as a server does."""

    async def installing() -> str | None:
        return install(config)

    return asyncio.run(installing())


@each_own
def test_uvicorns_own_class_is_replaced_by_its_subclass(own: type, ours: type) -> None:
    config = _config(own)
    assert _installed(config) is None
    assert config.http_protocol_class is ours
    assert ours.__base__ is own


class Subclass(h11_impl.H11Protocol):
    """What somebody made of uvicorn's class."""


class Other(asyncio.Protocol):
    """What somebody wrote."""


@pytest.mark.parametrize("chosen", [Subclass, Other])
def test_the_choice_of_somebody_stays_and_is_named(chosen: type) -> None:
    config = _config(chosen)
    assert _installed(config) == f"{__name__}:{chosen.__name__}"
    assert config.http_protocol_class is chosen


def test_a_name_that_is_shown_is_printable() -> None:
    config = _config(type("B\x1b[1md", (Other,), {"__module__": "m"}))
    assert _installed(config) == r"m:B\x1b[1md"


def _named(own: type) -> type:
    """Return another class of the same name."""
    return type(own.__name__, (own,), {"__module__": own.__module__})


@each_own
def test_a_class_that_only_has_the_name_is_not_replaced(own: type, ours: type) -> None:
    config = _config(named := _named(own))
    with pytest.raises(TypeError, match=f"{ours.__name__} is a subclass of another"):
        _installed(config)
    assert config.http_protocol_class is named


@pytest.mark.parametrize("changes", [{"methods": ("gone",)}, {"attributes": ("gone",)}])
def test_a_uvicorn_that_lacks_something_is_not_touched(
    changes: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "uvicorn.protocols.http.h11_impl:H11Protocol"
    monkeypatch.setitem(SEAMS, name, SEAMS[name]._replace(**changes))
    config = _config()
    with pytest.raises(AttributeError, match="gone"):
        _installed(config)
    assert config.http_protocol_class is h11_impl.H11Protocol


@each_own
def test_a_method_that_takes_something_else_is_not_overridden(
    own: Any, ours: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    def changed(_self: object, _scope: object) -> bool:
        raise AssertionError

    monkeypatch.setattr(own, "_should_upgrade", changed)
    config = _config(own)
    with pytest.raises(TypeError, match="_should_upgrade takes other parameters"):
        _installed(config)
    assert config.http_protocol_class is own
    assert issubclass(ours, own)


@each_own
def test_a_class_that_cannot_be_made_as_before_is_not_touched(
    own: Any, ours: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    def init(_self: object, _settings: object) -> None:
        raise AssertionError

    monkeypatch.setattr(own, "__init__", init)
    config = _config(own)
    with pytest.raises(TypeError, match="unexpected keyword argument"):
        _installed(config)
    assert config.http_protocol_class is own
    assert issubclass(ours, own)


class Raising:
    """A configuration that does not show its class."""

    @property
    def http_protocol_class(self) -> type:
        raise OSError("hidden")


class Frozen:
    """A configuration that does not change."""

    __slots__ = ()
    loaded, loaded_app, ws_protocol_class = True, None, None
    root_path, limit_concurrency = "", None
    h11_max_incomplete_event_size, timeout_keep_alive = None, 5
    http_protocol_class = h11_impl.H11Protocol


@pytest.mark.parametrize(
    ("config", "error"),
    [
        (Raising(), OSError),
        (Frozen(), AttributeError),
        (object(), AttributeError),
        (type("Named", (), {"http_protocol_class": "h11"})(), AttributeError),
    ],
)
def test_a_configuration_of_another_shape_raises(
    config: object, error: type[Exception]
) -> None:
    with pytest.raises(error):
        _installed(config)


def test_without_httptools_the_other_class_is_installed_and_imports_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "httptools", None)
    monkeypatch.delitem(sys.modules, "ws_handshake.uvicorn.httptools")
    config = _config("h11")
    assert _installed(config) is None
    assert config.http_protocol_class is H11Protocol
    assert "ws_handshake.uvicorn.httptools" not in sys.modules


@pytest.mark.parametrize("path", SEAMS)
def test_the_seam_names_every_method_that_our_class_overrides(path: str) -> None:
    seam = SEAMS[path]
    ours = {"H11Protocol": H11Protocol, "HttpToolsProtocol": HttpToolsProtocol}
    overridden = _functions(ours[seam.name]) & _functions(OWN[ours[seam.name]])
    assert overridden <= {*seam.methods}


def _functions(kind: type) -> set[str]:
    found: dict[str, object] = dict(vars(kind))
    return {name for name, value in found.items() if callable(value)} - {"__init__"}
