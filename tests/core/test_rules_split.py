from __future__ import annotations

import pytest

from tests.support.handshakes import VALID
from ws_handshake import judge

EXTENSIONS = b"sec-websocket-extensions"


@pytest.mark.parametrize(
    "lines", [(b"x; a=", b"y"), (b"x;", b"y"), (b'x; a="b', b'c"')]
)
def test_an_element_is_not_continued_in_the_next_line(lines: tuple[bytes, ...]) -> None:
    handshake = VALID
    for line in lines:
        handshake = handshake.plus(EXTENSIONS, line)

    assert judge(handshake.head()).codes == ("extensions_malformed",)
