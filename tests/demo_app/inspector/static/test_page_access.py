"""Whether everyone can read and reach the demo's page, in a real Chromium."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pytest

from tests.support.demos import until
from tests.support.page_contrast import PARTS, between, texts
from tests.support.page_visits import (
    LAPTOP,
    PHONE,
    SMALL_LAPTOP,
    UVICORN_ALONE,
    visiting,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.support.page_visits import Visit
    from tests.support.wires import Server

pytest_plugins = ["tests.support.page_stage"]

Scheme = Literal["light", "dark"]

PANES = ("trials", "request", "response", "log", "rate", "live")

# Which element has the focus, and whether one sees that it has.
FOCUSED = """(() => {
    const element = document.activeElement;
    const places = [element, element.parentElement];
    const shown = places.some((place) => {
        const {outlineStyle, outlineWidth} = getComputedStyle(place);
        return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
    });
    const name = element.dataset.trial || element.id || element.className
        || element.value || element.getAttribute("href");
    return [name, shown];
})()"""

SMALL = """[...document.querySelectorAll("button, label, select, nav a")].filter(
    (part) => part.checkVisibility()).map((part) => part.getBoundingClientRect())
    .filter(({width, height}) => width < 24 || height < 24).length"""

TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def unreadable(visit: Visit) -> list[Any]:
    seen = texts(visit.page)
    assert len(seen) > 60
    return [one for one in seen if one.ratio < one.wanted]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_the_contrast_of_wcag_aa(
    chromium: Browser, server: Server, scheme: Scheme
) -> None:
    with visiting(chromium, server.port, color_scheme=scheme) as visit:
        visit.open()
        visit.find("[name=drawn][value=reason]").check()
        assert unreadable(visit) == []
        visit.press("valid")
        visit.choose(UVICORN_ALONE)
        assert unreadable(visit) == []
        visit.find("#head").fill("GET /ws HTTP/1.1\n")
        until(lambda: visit.text("#headline").startswith("Rejected"))
        assert unreadable(visit) == []
        visit.find("[data-trial=origin_missing]").press("Enter")
        assert unreadable(visit) == []
        visit.find("#rows .open").first.click()
        assert unreadable(visit) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_marks_edges_and_bars_stand_out_from_their_background(
    chromium: Browser, server: Server, scheme: Scheme
) -> None:
    with visiting(chromium, server.port, color_scheme=scheme) as visit:
        visit.open()
        assert between(visit.page, "--ink", "--mark") >= 4.5
        assert between(visit.page, "--rejected", "--mark") >= PARTS
        for name in ("--edge", "--accent", "--valid", "--rejected"):
            assert between(visit.page, name, "--pane") >= PARTS, name
        for name in ("1", "2", "3", "4", "5", "6", "rest"):
            assert between(visit.page, f"--series-{name}", "--pane") >= PARTS, name


@pytest.mark.parametrize("page", ["/reasons/key_malformed", "/causes/health_check"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_reasons_and_causes_can_be_read_too(
    chromium: Browser, server: Server, scheme: Scheme, page: str
) -> None:
    settings = {"color_scheme": scheme, "viewport": PHONE}
    with visiting(chromium, server.port, **settings) as visit:
        visit.page.goto(visit.address + page)
        seen = texts(visit.page)
        assert len(seen) > 10
        assert [one for one in seen if one.ratio < one.wanted] == []
        assert visit.page.evaluate(TOO_WIDE) == 0


@pytest.mark.parametrize("size", [LAPTOP, SMALL_LAPTOP], ids=["1440", "1280"])
def test_on_a_laptop_everything_is_on_one_screen(
    chromium: Browser, server: Server, size: dict[str, int]
) -> None:
    with visiting(chromium, server.port, viewport=size) as visit:
        visit.open()
        assert (
            visit.page.evaluate("document.documentElement.scrollHeight")
            == (size["height"])
        )
        for pane in PANES:
            box = visit.find(f"#{pane}").bounding_box()
            assert box is not None
            assert box["width"] > 200
            assert box["height"] > 200
            assert box["x"] + box["width"] <= size["width"]
            assert box["y"] + box["height"] <= size["height"]


@pytest.mark.parametrize("width", [390, 320, 760])
def test_on_a_phone_nothing_is_wider_than_the_screen_or_too_small_for_a_finger(
    chromium: Browser, server: Server, width: int
) -> None:
    size = {"width": width, "height": 844}
    with visiting(chromium, server.port, viewport=size, has_touch=True) as visit:
        visit.open()
        assert visit.page.evaluate(TOO_WIDE) <= 0
        assert visit.page.evaluate(SMALL) == 0
        visit.find("[data-trial=key_missing]").tap()
        visit.responded()
        until(lambda: visit.page.evaluate("scrollY") > 100 or width == 760)
        assert visit.find("#head").is_visible()
        visit.find(".jump a[href='#live']").tap()
        until(lambda: (visit.find("#live").bounding_box() or {"y": 0})["y"] < 844)
        assert visit.page.evaluate(TOO_WIDE) <= 0


def test_the_keyboard_reaches_every_part_and_the_focus_is_always_visible(
    chromium: Browser, server: Server
) -> None:
    with visiting(chromium, server.port) as visit:
        visit.open()
        reached: list[str] = []
        while "live-end" not in reached:
            visit.page.keyboard.press("Tab")
            name, shown = visit.page.evaluate(FOCUSED)
            assert shown, name
            reached.append("live-end" if name == "open" else name)
        trials = visit.find(".trial").all()
        ids = {str(trial.get_attribute("data-trial")) for trial in trials}
        others = {
            "all",
            "nginx",
            "copy",
            "send",
            "head",
            "violations",
            "bytes",
            "events",
        }
        assert ids | others | {"with-ws-handshake", "outcome", "pause"} <= set(reached)


def _is_focusable(node: dict[str, Any]) -> bool:
    return any(
        one["name"] == "focusable" and one["value"]["value"]
        for one in node.get("properties", [])
    )


def test_everything_that_takes_the_focus_has_a_name(
    chromium: Browser, server: Server
) -> None:
    with visiting(chromium, server.port) as visit:
        visit.open()
        session = visit.page.context.new_cdp_session(visit.page)
        nodes = session.send("Accessibility.getFullAXTree")["nodes"]
        reached = [node for node in nodes if _is_focusable(node)]
        assert len(reached) > 60
        assert [node for node in reached if not node["name"].get("value")] == []


def test_there_are_three_live_regions_and_no_more(
    chromium: Browser, server: Server
) -> None:
    with visiting(chromium, server.port) as visit:
        visit.open()
        regions = visit.find("[aria-live], [role=status], [role=alert]").all()
        assert [one.get_attribute("id") for one in regions] == [
            *("state", "headline", "responded")
        ]


@pytest.mark.parametrize(
    ("wish", "allowed"), [("reduce", {"0s"}), ("no-preference", {"0s", "0.15s"})]
)
def test_a_person_who_wants_less_motion_gets_none(
    chromium: Browser,
    server: Server,
    wish: Literal["reduce", "no-preference"],
    allowed: set[str],
) -> None:
    with visiting(chromium, server.port, reduced_motion=wish) as visit:
        visit.open()
        durations = visit.page.evaluate(
            "[...document.querySelectorAll('*')].map(part =>"
            " getComputedStyle(part).transitionDuration)"
        )
        assert set(durations) == allowed
