from __future__ import annotations

from ws_handshake.diagnosis.proxy import MEASURED, Proxy


def test_a_row_needs_a_name_a_fix_and_where_it_was_seen() -> None:
    row = Proxy(name="A proxy", fix="Let it forward both.", seen=MEASURED)

    assert (row.config, row.request_fields, row.via) == ((), (), ())
    assert not row.on_client_side
    assert not row.forwards_both_or_none
    assert row == Proxy(name="A proxy", fix="Let it forward both.", seen="measured")
