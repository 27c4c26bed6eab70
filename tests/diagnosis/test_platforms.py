"""Services that are built on one another: the one that a person has to do with."""

from __future__ import annotations

import pytest

from tests.support.handshakes import VALID
from ws_handshake.diagnosis.hops import proxy_of
from ws_handshake.diagnosis.platforms import PLATFORMS


@pytest.mark.parametrize(
    ("names", "service"),
    [
        (b"cf-ray rndr-id", "Render"),
        (b"x-arr-log-id x-site-deployment-id", "Azure App Service"),
        (b"x-amzn-trace-id x-amzn-apigateway-api-id", "Amazon API Gateway"),
        (b"x-amzn-trace-id x-amz-cf-id", "CloudFront"),
        (b"x-varnish fastly-ff", "Fastly"),
        (b"x-envoy-external-address x-azure-fdid", "Azure Front Door"),
    ],
)
def test_a_service_is_named_and_not_what_it_is_built_on(
    names: bytes, service: str
) -> None:
    headers = tuple((name, b"1") for name in (b"host", *names.split()))
    proxy = proxy_of(VALID.asked(headers=headers).head())

    assert proxy is not None
    assert proxy.name == service


def test_every_service_stands_on_the_servers_side() -> None:
    assert [each.name for each in PLATFORMS if each.on_client_side] == []
