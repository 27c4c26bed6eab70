from __future__ import annotations

from ws_handshake.diagnosis.cause import Cause, Certainty
from ws_handshake.diagnosis.causes import CAUSES


def test_a_certainty_is_written_as_its_token() -> None:
    assert [str(certainty) for certainty in sorted(Certainty)] == [
        *("possible", "likely", "very_likely", "certain")
    ]


def test_the_summary_is_the_first_sentence_and_how_sure_it_is() -> None:
    cause = CAUSES["proxy_stripped_upgrade"]
    removed = "A proxy removed the Upgrade and Connection headers"

    assert cause.summary == f"{removed}."
    very_likely = cause.as_certain_as(Certainty.VERY_LIKELY)
    assert very_likely.summary == f"{removed} (very likely)."
    assert CAUSES["old_draft"].summary == CAUSES["old_draft"].detail


def test_a_cause_with_another_certainty_is_the_same_cause() -> None:
    cause = CAUSES["proxy_stripped_upgrade"]
    likely, known = Certainty.LIKELY, ("HAProxy removed it.", "Update HAProxy.")
    changed = cause.as_certain_as(likely, detail=known[0], fix=known[1], config=())

    assert cause.as_certain_as(likely) == cause._replace(certainty=likely)
    assert changed == Cause(cause.code, *known, likely)
    assert CAUSES["proxy_stripped_upgrade"] is cause
