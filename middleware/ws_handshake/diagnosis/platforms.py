"""The catalogue of proxies that are someone's service: networks, clouds, platforms."""

from __future__ import annotations

from ws_handshake.diagnosis.cause import Config
from ws_handshake.diagnosis.proxy import PUBLISHED, Proxy

# The order counts where two have left a mark of the same kind: a service that is built
# on another one stands before it.
PLATFORMS = (
    Proxy(
        name="Render",
        fix="Let the client offer nothing but http/1.1, and look for a proxy in front: "
        "Render forwards Upgrade and Connection.",
        seen=PUBLISHED,
        request_fields=((b"rndr-id",),),
        forwards_both_or_none=True,
        response_fields=(b"rndr-id", b"x-render-origin-server"),
    ),
    Proxy(
        name="Cloudflare",
        fix="Switch Network > WebSockets on in Cloudflare; run a tunnel with "
        "cloudflared tunnel --protocol http2.",
        seen="https://developers.cloudflare.com/fundamentals/reference/http-headers/",
        config=(
            Config(
                "shell, for a tunnel", "cloudflared tunnel --protocol http2 run NAME"
            ),
        ),
        request_fields=((b"cf-ray",), (b"cf-connecting-ip",)),
        response_fields=(b"cf-ray",),
        server=(b"cloudflare",),
    ),
    Proxy(
        name="CloudFront",
        fix="Give the behaviour in CloudFront the origin request policy AllViewer.",
        seen="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/"
        "RequestAndResponseBehaviorCustomOrigin.html",
        config=(
            Config(
                "CloudFormation, cache behavior",
                "OriginRequestPolicyId: 216adef6-5c7f-47e4-b989-5492eafa07d3",
            ),
        ),
        request_fields=((b"x-amz-cf-id",),),
        drops_key_by_default=True,
        via=(b"cloudfront",),
        response_fields=(b"x-amz-cf-id",),
        server=(b"cloudfront",),
    ),
    Proxy(
        name="Azure Front Door",
        fix="Use Azure Front Door Standard or Premium: the classic one carries no "
        "WebSocket.",
        seen="https://learn.microsoft.com/azure/frontdoor/front-door-http-headers-protocol",
        request_fields=((b"x-azure-fdid",), (b"x-azure-requestchain",)),
        via=(b"1.1 azure",),
        response_fields=(b"x-azure-ref",),
    ),
    Proxy(
        name="Azure Application Gateway",
        fix="Let the listener and the backend setting of Azure Application Gateway "
        "speak HTTP/1.1, and switch its HTTP/2 off.",
        seen=PUBLISHED,
        request_fields=(
            (b"x-appgw-trace-id",),
            (b"x-original-host", b"x-original-url"),
        ),
        server=(b"microsoft-azure-application-gateway",),
    ),
    Proxy(
        name="Azure App Service",
        fix="Switch web sockets on in the configuration of the Azure App Service.",
        seen=PUBLISHED,
        config=(
            Config(
                "shell",
                "az webapp config set --resource-group GROUP --name APP "
                "--web-sockets-enabled true",
            ),
        ),
        request_fields=((b"x-site-deployment-id",), (b"was-default-hostname",)),
    ),
    Proxy(
        name="IIS (Application Request Routing)",
        fix="Install the WebSocket Protocol feature of IIS; ARR 3 forwards Upgrade.",
        seen=PUBLISHED,
        config=(Config("PowerShell", "Install-WindowsFeature Web-WebSockets"),),
        request_fields=((b"x-arr-log-id",), (b"x-arr-ssl",)),
        response_fields=(b"x-arr-log-id",),
    ),
    Proxy(
        name="Amazon API Gateway",
        fix="Point clients at an ALB or NLB, and not at API Gateway: its HTTP "
        "integrations carry no WebSocket.",
        seen=PUBLISHED,
        request_fields=((b"x-amzn-apigateway-api-id",),),
        response_fields=(b"x-amz-apigw-id",),
        carries_none="API Gateway carries no WebSocket over an HTTP integration.",
    ),
    Proxy(
        name="AWS load balancer",
        fix="Let the target group of the ALB use HTTP1; a Classic ELB needs a TCP "
        "listener in place of an HTTP one.",
        seen="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/"
        "load-balancer-request-tracing.html",
        request_fields=((b"x-amzn-trace-id",),),
        server=(b"awselb",),
    ),
    Proxy(
        name="Google Cloud",
        fix="Switch end-to-end HTTP/2 off for this service in Google Cloud "
        "(Cloud Run: --no-use-http2).",
        seen=PUBLISHED,
        config=(
            Config(
                "shell, for Cloud Run",
                "gcloud run services update SERVICE --no-use-http2",
            ),
        ),
        request_fields=((b"x-cloud-trace-context",),),
        via=(b"google",),
        server=(b"google frontend",),
    ),
    Proxy(
        name="Heroku",
        fix="Let the client offer nothing but http/1.1, and look for a proxy in front: "
        "Heroku forwards Upgrade and Connection.",
        seen="https://devcenter.heroku.com/articles/http-routing",
        request_fields=((b"connect-time", b"total-route-time"),),
        forwards_both_or_none=True,
        # Router 2.0: https://blog.heroku.com/tips-tricks-router-2dot0-migration
        via=(b"vegur", b"heroku-router"),
        response_fields=(b"heroku-request-id",),
        server=(b"heroku",),
    ),
    Proxy(
        name="Fly.io",
        fix="Take h2_backend out of fly.toml, and let the client offer nothing but "
        "http/1.1; Fly.io forwards Upgrade otherwise.",
        seen="https://fly.io/docs/networking/request-headers/",
        request_fields=((b"fly-client-ip",), (b"fly-forwarded-port",)),
        forwards_both_or_none=True,
        via=(b"fly.io",),
        response_fields=(b"fly-request-id",),
        server=(b"fly/",),
    ),
    Proxy(
        name="Fastly",
        fix="Switch WebSockets on for the Fastly service, and hand the request over in "
        "vcl_recv with return(upgrade).",
        seen=PUBLISHED,
        request_fields=((b"fastly-ff",), (b"fastly-client-ip",)),
        strips_by_default=True,
    ),
    Proxy(
        name="Akamai",
        fix="Switch WebSocket support on in the Akamai property.",
        seen=PUBLISHED,
        request_fields=((b"akamai-origin-hop",),),
        strips_by_default=True,
        via=(b"akamai",),
        server=(b"akamaighost",),
    ),
    Proxy(
        name="Tailscale Serve",
        fix="Let the client offer nothing but http/1.1, and look for a proxy in front: "
        "Tailscale Serve forwards Upgrade and Connection.",
        seen="https://tailscale.com/kb/1312/serve",
        request_fields=((b"tailscale-headers-info",), (b"tailscale-user-login",)),
        forwards_both_or_none=True,
    ),
)
