"""Calls into the code of others, whose faults change nothing here."""

from __future__ import annotations

from inspect import iscoroutine
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

#: What ends the process, and is not ours to keep.
ENDINGS = (KeyboardInterrupt, SystemExit)


class Harmless:
    """Keeps what is raised in its block: CancelledError and GeneratorExit, too.

    They come from code that was called, not awaited: they cancel nothing.
    """

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> bool:
        """Keep everything but what ends the process."""
        return kind is not None and not issubclass(kind, ENDINGS)


def no_coroutine(returned: object) -> object:
    """Return what was returned; raises TypeError for a coroutine, which it closes."""
    if iscoroutine(returned):
        returned.close()  # or Python warns that it was never awaited
        raise TypeError(f"{returned.__qualname__} is a coroutine function")
    return returned
