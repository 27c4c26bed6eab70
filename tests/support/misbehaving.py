"""Observers and loggers that misbehave, built by Hypothesis."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

from hypothesis import strategies as st

from ws_handshake import Observer
from ws_handshake.structlog import StructlogObserver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Wild(BaseException):
    """What no `except Exception` catches."""


#: All that a method may raise; KeyboardInterrupt and SystemExit end the process.
FAULTS: tuple[BaseException, ...] = (
    OSError("the disk is full"),
    RuntimeError("no running event loop"),
    AttributeError("is_enabled_for"),
    TypeError("got an unexpected keyword argument"),
    ValueError("I/O operation on closed file"),
    RecursionError("deep"),
    MemoryError(),
    StopIteration(),
    StopAsyncIteration(),
    asyncio.CancelledError(),
    GeneratorExit(),
    Wild(),
    BaseExceptionGroup("several", [GeneratorExit(), OSError()]),
)


class Doubtful:
    """What is neither true nor false."""

    def __bool__(self) -> NoReturn:
        raise ValueError("ambiguous")


JUNK: tuple[object, ...] = (None, 0, 1, "", "no", [], Doubtful(), int, Wild)


def _raising(fault: BaseException) -> Callable[..., NoReturn]:
    def method(*_: object, **__: object) -> NoReturn:
        raise fault

    return method


def _returning(value: object) -> Callable[..., object]:
    return lambda *_, **__: value


async def _coroutine(*_: object, **__: object) -> None:
    """Do nothing, later."""


async def _raising_coroutine(*_: object, **__: object) -> NoReturn:
    raise Wild


class _Unfetched:
    """An attribute that raises as soon as it is looked up."""

    def __init__(self, fault: BaseException) -> None:
        self.fault = fault


_faults = st.sampled_from(FAULTS)
_values = st.sampled_from((True, False, *JUNK))
_behaviours = (
    st.builds(_raising, _faults)
    | st.builds(_returning, _values)
    | st.builds(_Unfetched, _faults)
    | st.just(_coroutine)
    | st.just(_raising_coroutine)
    | _values
)


class Misbehaving:
    """Has the attributes that it is given, and any of them may do anything."""

    def __init__(self, attributes: dict[str, Any]) -> None:
        self._attributes = attributes

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._attributes!r})"

    def __getattr__(self, name: str) -> Any:
        try:
            found = self._attributes[name]
        except KeyError:
            raise AttributeError(name) from None
        if isinstance(found, _Unfetched):
            raise found.fault
        return found


_OBSERVING = ("observe", "wants_accepted", "flush", "observer_failed")


class MisbehavingObserver(Misbehaving, Observer):
    """Derives from Observer, as it must; the attributes go before the base class.

    `observe` is as it should be while the middleware is made: what cannot observe then
    is a ValueError.
    """

    def __init__(self, attributes: dict[str, Any]) -> None:
        super().__init__(attributes)
        self.starting = False

    def __getattribute__(self, name: str) -> Any:
        if name == "observe" and self.starting:
            return _returning(None)
        if name in _OBSERVING and name in self._attributes:
            return self.__getattr__(name)
        return super().__getattribute__(name)


@contextmanager
def starting(*watching: object) -> Iterator[None]:
    """Let observers be as they should be in this block."""
    misbehaving = [each for each in watching if isinstance(each, MisbehavingObserver)]
    for each in misbehaving:
        each.starting = True
    yield
    for each in misbehaving:
        each.starting = False


_LOGGING = ("debug", "info", "warning", "error", "bind", "is_enabled_for")


def _with(names: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(names), _behaviours)


def _typed(attributes: dict[str, Any]) -> Any:
    """Return a logger whose class has the attributes, as structlog's classes do."""
    plain = {n: v for n, v in attributes.items() if not isinstance(v, _Unfetched)}
    return type("Logger", (), {n: _of_a_class(v) for n, v in plain.items()})()


def _of_a_class(value: object) -> object:
    return staticmethod(value) if callable(value) else value


observers: st.SearchStrategy[Any] = st.builds(MisbehavingObserver, _with(_OBSERVING))
loggers: st.SearchStrategy[Any] = st.builds(Misbehaving, _with(_LOGGING)) | st.builds(
    _typed, _with(_LOGGING)
)
structlog_observers = loggers.map(StructlogObserver)
#: What a filter of the standard library's logger does, which is called last.
filters = st.builds(_raising, _faults) | st.builds(_returning, st.booleans())
