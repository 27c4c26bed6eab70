"""The misbehaving observers misbehave, whatever Hypothesis draws."""

from __future__ import annotations

import pytest

from tests.support.misbehaving import Doubtful, Misbehaving


def test_what_is_doubtful_is_neither_true_nor_false() -> None:
    with pytest.raises(ValueError, match="ambiguous"):
        bool(Doubtful())


def test_the_repr_of_what_misbehaves_shows_how() -> None:
    assert repr(Misbehaving({"observe": 1})) == "Misbehaving({'observe': 1})"
