"""The page about proxies has the configurations that are tested, and every platform."""

from __future__ import annotations

import pytest

from tests.support.docs_examples import DOCS, blocks, renewed, sections
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


def test_every_platform_is_named_beside_the_link_to_what_to_switch() -> None:
    clouds = sections(PAGE.read_text(encoding="utf-8"))["Clouds and others"]
    _, _, named = " ".join(clouds.split()).partition("#clouds-and-gateways)")
    assert [row.name for row in PLATFORMS if row.name not in named] == []
