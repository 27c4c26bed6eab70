from __future__ import annotations

from ws_handshake.core.grammar import has_several_elements, parse_extensions


def test_no_more_offers_are_parsed_than_are_asked_for() -> None:
    offers = b"a, b; x, c"

    assert [offer.name for offer in parse_extensions(offers, 2)] == ["a", "b"]
    assert [offer.name for offer in parse_extensions(offers)] == ["a", "b", "c"]


def test_empty_elements_at_the_ends_of_a_list_do_not_count() -> None:
    assert has_several_elements(b"X,a")
    assert has_several_elements(b"a,X")
    assert not has_several_elements(b" ,\tX, ,")
