from __future__ import annotations

import io
import json

from ws_handshake.cli.explain.meaning import meaning_of_message, print_meaning
from ws_handshake.cli.pasted.message import Message
from ws_handshake.cli.screen import Screen


def printed(message: Message, *, as_json: bool = False) -> str:
    out = io.StringIO()
    screen = Screen.of(out, io.StringIO(), {"COLUMNS": "80"})
    print_meaning(screen, meaning_of_message(message), as_json=as_json)
    return out.getvalue()


def test_a_status_has_the_sentence_of_the_probe() -> None:
    message = Message("an error message of aiohttp", status=403, url="ws://a.example/")
    assert printed(message) == (
        "Read as an error message of aiohttp: there is no request in it.\n"
        "\n"
        "The server responded with 403: the credentials, the Origin, or a path that "
        "is\nnot served.\n"
        "  fix   Check the path; try --origin with the origin of the page; send\n"
        "        credentials.\n"
        "  next  ws-handshake probe ws://a.example/\n"
    )


def test_a_status_that_no_one_knows_has_a_general_fix() -> None:
    meaning = meaning_of_message(Message("a line", fix="More.", status=418))
    assert meaning.what == "The server responded with 418."
    assert meaning.fix.endswith(" More.")


def test_what_an_ordinary_status_means_for_a_handshake_is_said() -> None:
    assert "an ordinary response" in meaning_of_message(Message("a", status=200)).what
    assert "it redirects" in meaning_of_message(Message("a", status=302)).what


def test_a_message_of_its_own_words_keeps_them() -> None:
    message = Message("a line", "It failed.", code="no_route", status=404)
    assert printed(message) == (
        "Read as a line: there is no request in it.\n"
        "\n"
        "It failed.\n"
        "  next  ws-handshake probe URL, and ws-handshake explain no_route\n"
    )


def test_as_json_it_is_one_document() -> None:
    message = Message("a line", "It worked.", "Nothing.", status=101)
    assert json.loads(printed(message, as_json=True)) == {
        "read_as": "a line",
        "valid": True,
        "handshakes": [],
        "meaning": "It worked.",
        "fix": "Nothing.",
        "next": "ws-handshake probe URL",
    }
