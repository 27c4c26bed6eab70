from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.copies import COPIES
from tests.support.handshakes import KEY, VALID
from ws_handshake import judge
from ws_handshake.core.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

BROKEN = VALID.without(b"upgrade").but(b"sec-websocket-key", b"secret")
#: The header lines as a tuple, so that the head can be hashed.
HEAD = BROKEN.head()._replace(headers=tuple(BROKEN.headers))

every_copy = pytest.mark.parametrize("copied", COPIES.values(), ids=COPIES)


@every_copy
@pytest.mark.parametrize("head", [VALID.head(), HEAD], ids=["valid", "broken"])
def test_a_copy_of_a_verdict_equals_it_in_all_attributes(
    copied: Callable[[Any], Any], head: Any
) -> None:
    verdict = judge(head)
    again = copied(verdict)

    assert type(again) is Verdict
    assert again == verdict
    assert (again.codes, again.status) == (verdict.codes, verdict.status)
    assert again.accept_token == verdict.accept_token


@every_copy
def test_a_copy_of_a_verdict_hashes_alike(copied: Callable[[Any], Any]) -> None:
    verdict = judge(HEAD)

    assert hash(copied(verdict)) == hash(verdict)
    assert {verdict, copied(verdict)} == {verdict}


def test_a_pickled_verdict_has_the_head_as_its_docstring_says() -> None:
    assert KEY in pickle.dumps(judge(VALID.head()))
    assert "secrets" in (Verdict.__doc__ or "")
