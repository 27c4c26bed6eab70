"""The page about proxies has the configurations that are tested, and every platform."""

from __future__ import annotations

import os

import pytest

from tests.support.docs_examples import DOCS, blocks, renewed, sections
from tests.support.other_page import is_up_to_date
from tests.support.proxy_configs import configuration
from ws_handshake.diagnosis.platforms import PLATFORMS

PAGE = DOCS / "behind_a_proxy.md"
#: The first configuration under each heading.
SHOWN = {
    "nginx": configuration("nginx", "right"),
    "Caddy": configuration("caddy", "default"),
    "Traefik": configuration("traefik", "default"),
    "Apache": configuration("apache", "right"),
    "HAProxy": configuration("haproxy", "right"),
}


@pytest.mark.parametrize("heading", SHOWN)
def test_each_configuration_works_with_the_real_proxy(heading: str) -> None:
    tested = SHOWN[heading]
    shown = blocks(sections(PAGE.read_text(encoding="utf-8"))[heading])[0].text
    assert tested.works
    assert renewed(PAGE, shown, tested.text()) == tested.text()


def test_every_platform_is_there_with_what_to_switch() -> None:
    rows = [["platform", "what to do"], ["---"] * 2]
    rows += sorted([platform.name, platform.fix] for platform in PLATFORMS)
    lines = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    assert is_up_to_date(PAGE, f"\n{lines}\n\n", renew="RENEW" in os.environ)
