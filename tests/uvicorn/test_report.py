"""What reaches no middleware is reported to the observers of the one in front."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from tests.support.handshakes import VALID
from tests.support.protocols import observed_echo
from ws_handshake.asgi.lifespan import own_notifier
from ws_handshake.core.reasons import HTTP_VERSION_TOO_OLD
from ws_handshake.core.violation import Violation
from ws_handshake.uvicorn import report as module
from ws_handshake.uvicorn.report import report

_CLIENT = ("203.0.113.9", 51544)
_HTTP10 = VALID.asked(version="1.0", target=b"/a?secret=1")
_FOUND = (Violation(HTTP_VERSION_TOO_OLD),)


@pytest.mark.parametrize(
    ("report_only", "was_sent", "status", "enforced"),
    [
        (False, True, 400, True),
        (True, True, 400, False),
        (False, False, None, True),
        (True, False, None, True),
    ],
)
def test_the_observers_get_what_was_sent_and_whether_it_was_enforced(
    *, report_only: bool, was_sent: bool, status: int | None, enforced: bool
) -> None:
    app, _, recorder = observed_echo(
        report_only=report_only, docs_url="https://example.com/reasons"
    )
    rejection = report(app, _HTTP10.head(), _FOUND, _CLIENT, was_sent=was_sent)
    (record,) = recorder.records
    assert record.rejection is rejection
    assert (record.outcome, record.layer) == ("rejected", "uvicorn")
    assert (record.status, record.enforced) == (status, enforced)
    assert record.request.client_address == "203.0.113.9"
    assert record.request.path == "/a"
    assert [cause.code for cause in rejection.causes] == ["proxy_speaks_http10"]
    assert rejection.docs_url == "https://example.com/reasons"


def test_a_client_without_an_address_has_none() -> None:
    app, _, recorder = observed_echo()
    report(app, _HTTP10.head(), _FOUND, None)
    assert recorder.records[0].request.client_address is None


def test_an_error_of_our_own_is_reported_as_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("an error of our own")

    monkeypatch.setattr(module, "explained", fail)
    app, _, recorder = observed_echo()
    assert report(app, VALID.head(), _FOUND, _CLIENT).codes == ("internal_error",)
    assert recorder.codes == [("internal_error",)]


def test_without_a_middleware_the_log_has_it() -> None:
    own_notifier.cache_clear()  # its rate limit remembers other tests
    with capture_logs() as events:
        report(None, _HTTP10.head(), _FOUND, _CLIENT)
    assert [event["error.type"] for event in events] == ["http_version_too_old"]
