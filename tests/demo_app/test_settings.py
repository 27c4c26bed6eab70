"""What the demo reads from its environment, and the names that follow from it."""

from __future__ import annotations

import pytest

from demo_app.settings import address_of, host_of, origins_of, port_of


def test_the_port_is_8000_unless_another_is_named() -> None:
    assert port_of({}) == 8000
    assert port_of({"PORT": ""}) == 8000
    assert port_of({"PORT": "65535"}) == 65535


@pytest.mark.parametrize("text", ["eight", "0", "65536", "-1", "8e3", "٨٠٠٠"])
def test_a_wrong_port_is_reported_with_a_hint(text: str) -> None:
    with pytest.raises(ValueError, match=r"^PORT is ") as raised:
        port_of({"PORT": text})
    assert str(raised.value) == (
        f"PORT is {text!r}; set it to a number from 1 to 65535, such as PORT=8000."
    )


def test_the_names_of_the_demo_follow_from_its_port() -> None:
    assert host_of(8042) == "127.0.0.1:8042"
    assert address_of(8042) == "http://127.0.0.1:8042"
    assert origins_of(8042) == {"http://127.0.0.1:8042", "http://localhost:8042"}
