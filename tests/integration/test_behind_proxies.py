"""Real proxies in front of a real server: what breaks, why, and that the fix works."""

from __future__ import annotations

import json
import os
import re
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.support.behind_app import GUARDED
from tests.support.behind_expected import OVER_HTTP1, OVER_HTTP2
from tests.support.behind_measure import attempt, attempt_bent, measure_all
from tests.support.behind_page import PAGE, own_response, tables_of
from tests.support.behind_printed import EMPTIED, SITES, running
from tests.support.behind_rejected import BENT, LIST, PASSED_ON, REJECTED, TWICE
from tests.support.behind_stage import staged
from tests.support.other_page import is_up_to_date
from tests.support.proxies import PROGRAMS, require
from tests.support.proxy_configs import CONFIGURATIONS, right
from ws_handshake.diagnosis.causes import PROXY_REWROTE_HOST
from ws_handshake.diagnosis.proxies import PROXIES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.behind_expected import Expected
    from tests.support.behind_measure import Measured, Outcome
    from tests.support.behind_stage import Stage
    from tests.support.proxy_configs import Configuration

    Results = dict[tuple[str, str], Measured]


def named(each: Configuration) -> str:
    return f"{each.proxy}-{each.name}"


WORKING = [each for each in CONFIGURATIONS if each.works]
BROKEN = [each for each in CONFIGURATIONS if not each.works]
# What an example in parentheses or brackets adds.
OF_AN_EXAMPLE = {"upgrade_type", "websocket"}

on_every_proxy = pytest.mark.parametrize("name", PROGRAMS)


@pytest.fixture(scope="module", name="stage")
def _stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(tmp_path_factory.mktemp("stage")) as stage:
        yield stage


@pytest.fixture(scope="module", name="measured")
def _measured(
    stage: Stage, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Results]:
    with ExitStack() as started:
        yield measure_all(stage, tmp_path_factory.mktemp("proxies"), started)


@pytest.fixture(scope="module", name="rejected")
def _rejected(stage: Stage, measured: Results) -> dict[str, dict[str, Outcome]]:
    """Return what came of the requests that should arrive nowhere."""
    return {
        name: {what: bent(stage, measured, name, what) for what in REJECTED[name]}
        for name in PROGRAMS
        if (name, "default") in measured
    }


@pytest.mark.parametrize("each", WORKING, ids=named)
def test_a_websocket_works_through_a_right_configuration(
    each: Configuration, stage: Stage, measured: Results
) -> None:
    outcome = of(measured, each.proxy, each.name).http1

    assert (outcome.status, outcome.echo) == (101, "hello")
    assert f"/{each.proxy}/{each.name}" not in stage.rejections()


@pytest.mark.parametrize("each", BROKEN, ids=named)
def test_a_broken_configuration_is_named_and_its_fix_fixes_it(
    each: Configuration, measured: Results
) -> None:
    result = of(measured, each.proxy, each.name)
    after = result.after

    assert after is not None
    assert (after.status, after.echo) == (101, "hello")
    if each.proxy == "envoy":
        assert (result.http1.status, result.http1.arrived) == (403, None)
        assert own_response(result.http1) == "`403 Forbidden` (`envoy`)"
        assert result.http1.response.body == b""
    else:
        holds(result.http1, OVER_HTTP1[each.proxy, each.name])
        body_and_log_agree(result.http1)


@pytest.mark.parametrize("name", OVER_HTTP2)
def test_for_an_http1_handshake_over_http2_a_proxy_is_at_most_a_likely_cause(
    name: str, measured: Results
) -> None:
    outcome = of(measured, name, "http2").http2

    assert outcome is not None
    holds(outcome, OVER_HTTP2[name])
    assert "very_likely" not in dict(OVER_HTTP2[name].causes).values()


@on_every_proxy
def test_what_a_proxy_rejects_by_itself_never_reaches_us(
    name: str, stage: Stage, measured: Results, rejected: dict[str, dict[str, Outcome]]
) -> None:
    require(name)
    outcomes = rejected[name]
    assert {what: o.status for what, o in outcomes.items()} == REJECTED[name]
    assert [what for what, o in outcomes.items() if o.arrived or o.codes] == []
    assert [t for t in stage.rejections() if t.startswith(f"/rejected/{name}/")] == []
    assert measured[name, right(name).name].configuration.works


@on_every_proxy
def test_no_proxy_is_named_for_what_only_a_client_can_break(
    name: str, stage: Stage, measured: Results
) -> None:
    of(measured, name, right(name).name)
    for what, codes in PASSED_ON.items():
        if what not in REJECTED[name]:
            outcome = bent(stage, measured, name, what)
            assert (what, outcome.codes) == (what, codes)
            assert (what, outcome.causes) == (what, ())


@pytest.mark.parametrize(
    ("name", "what", "status"),
    [("nginx", LIST, 101), ("caddy", LIST, 200), ("apache", TWICE, 502)],
)
def test_a_proxy_can_spoil_a_handshake_that_we_accept(
    name: str, what: str, status: int, stage: Stage, measured: Results
) -> None:
    of(measured, name, right(name).name)
    outcome = bent(stage, measured, name, what)

    assert outcome.arrived is not None
    assert outcome.status == status
    assert f"/rejected/{name}/{list(BENT).index(what)}" not in stage.rejections()


@pytest.mark.parametrize("fixed", SITES)
def test_the_lines_to_paste_fix_the_site_and_nothing_else_is_needed(
    fixed: str, stage: Stage, tmp_path: Path
) -> None:
    name, site = SITES[fixed]
    require(name)
    below = GUARDED if fixed.endswith("its own Host") else "/ws/"
    target = below + fixed.replace(" ", "-")
    with running(name, site, stage.port, tmp_path) as port:
        outcome = attempt(stage, port, target, origin=f"http://127.0.0.1:{port}")

    assert (outcome.status, outcome.echo) == (101, "hello")


def test_traefik_is_named_where_it_stripped_the_fields_itself(
    stage: Stage, measured: Results, tmp_path: Path
) -> None:
    require("traefik")
    assert measured["traefik", "default"].http1.echo == "hello"
    with running("traefik", EMPTIED, stage.port, tmp_path) as port:
        outcome = attempt(stage, port, "/traefik/emptied")

    (cause,) = outcome.causes
    assert (cause.certainty, cause.fix) == ("very_likely", PROXIES["Traefik"].fix)
    assert cause.detail.startswith(
        "Traefik removed the Upgrade and Connection headers."
    )


def test_a_rewritten_host_is_named_where_the_proxy_forwards_the_original(
    stage: Stage, measured: Results
) -> None:
    outcomes = {}
    for name in ("nginx", "apache"):
        port = of(measured, name, "right").port
        origin = f"http://127.0.0.1:{port}"
        outcomes[name] = attempt(stage, port, f"{GUARDED}{name}", origin=origin)
        port = measured[name, "host"].port
        origin = f"http://127.0.0.1:{port}"
        kept = attempt(stage, port, f"{GUARDED}{name}/kept", origin=origin)
        assert kept.echo == "hello"

    # nginx adds no X-Forwarded-Host; all that shows is that both are of one machine
    assert [o.codes for o in outcomes.values()] == [("origin_not_allowed",)] * 2
    (cause,) = outcomes["nginx"].causes
    assert (cause.code, cause.certainty) == ("development_proxy", "likely")
    (cause,) = outcomes["apache"].causes
    assert (cause.code, cause.certainty) == ("proxy_rewrote_host", "very_likely")
    assert cause.fix == PROXY_REWROTE_HOST.fix


@pytest.mark.parametrize("program", ["nginx", "lighttpd", "Varnish", "Envoy", "Apache"])
def test_the_sentence_in_the_log_has_the_words_of_the_lines_to_paste(
    program: str,
) -> None:
    proxy = PROXIES[program]
    lines = words(" ".join(config.lines for config in proxy.config))
    settings = {word for word in words(proxy.fix) if re.search(r"[_./$=]", word)}

    assert len(settings) > 0
    assert settings - lines <= OF_AN_EXAMPLE


def test_the_page_reports_what_was_measured(
    measured: Results, rejected: dict[str, dict[str, Outcome]]
) -> None:
    for name in PROGRAMS:
        require(name)
    tables = tables_of(measured, rejected)
    assert is_up_to_date(PAGE, tables, renew="RENEW" in os.environ), (
        "docs/proxies.md is out of date; "
        "RENEW=1 pytest tests/integration/test_behind_proxies.py writes it anew."
    )


def of(measured: Results, name: str, configured: str) -> Measured:
    require(name)
    return measured[name, configured]


def words(text: str) -> set[str]:
    """Return what a configuration is made of, without its punctuation and quotes."""
    return {word.rstrip(".:") for word in re.findall(r"[$\w.:/?()=-]+", text)}


def bent(stage: Stage, measured: Results, name: str, what: str) -> Outcome:
    port = measured[name, right(name).name].port
    target = f"/rejected/{name}/{list(BENT).index(what)}"
    return attempt_bent(stage, port, target, BENT[what])


def holds(outcome: Outcome, expected: Expected) -> None:
    """Compare what was measured with what is expected."""
    first = outcome.causes[0]
    assert outcome.status == 400
    assert outcome.codes == expected.codes
    assert tuple((c.code, c.certainty) for c in outcome.causes) == expected.causes
    assert expected.blamed in first.detail
    assert first.fix == expected.fix
    assert outcome.logged is not None
    assert outcome.logged["websocket.handshake.violations"] == list(expected.codes)
    assert outcome.logged["websocket.handshake.cause"] == first.code
    assert outcome.logged["websocket.handshake.certainty"] == first.certainty
    assert outcome.logged["websocket.handshake.fix"] == first.fix


def body_and_log_agree(outcome: Outcome) -> None:
    problem = json.loads(outcome.response.body)
    both = [problem["cause"], problem["cause"].get("alternative")]
    assert [v["code"] for v in problem["violations"]] == list(outcome.codes)
    assert [
        (c["code"], c["certainty"], c["detail"], c["fix"]) for c in both if c
    ] == list(outcome.causes)
