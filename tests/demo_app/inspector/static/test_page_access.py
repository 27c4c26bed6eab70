"""Whether everyone can read and reach the demo's page, in a real Chromium."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pytest

from tests.support.demos import until
from tests.support.page_contrast import PARTS, between, texts
from tests.support.page_visits import PHONE, WIDTHS, visiting

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.support.page_visits import Visit
    from tests.support.wires import Server

pytest_plugins = ["tests.support.page_stage"]

Scheme = Literal["light", "dark"]

# Which element has the focus, and whether one sees that it has.
FOCUSED = """(() => {
    const element = document.activeElement;
    const places = [element, element.parentElement];
    const shown = places.some((place) => {
        const {outlineStyle, outlineWidth} = getComputedStyle(place);
        return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
    });
    const isLive = element.closest("#handshakes") !== null;
    const name = isLive ? "live" : element.dataset.trial || element.id
        || element.className || element.value || element.getAttribute("href");
    return [name, shown];
})()"""

SMALL = """[...document.querySelectorAll("button, label, select, nav a")].filter(
    (part) => part.checkVisibility()).map((part) => part.getBoundingClientRect())
    .filter(({width, height}) => width < 24 || height < 24).length"""

# The size of the smallest text, in CSS pixels.
SMALLEST = """Math.min(...[...document.querySelectorAll("body *")].filter(
    (part) => part.checkVisibility() && part.textContent.trim()).map(
    (part) => parseFloat(getComputedStyle(part).fontSize)))"""

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
        for trial in ("valid", "key_missing", "proxy_rewrote_host"):
            visit.press(trial)
            assert unreadable(visit) == []
        visit.find("#head").fill("GET /ws HTTP/1.1\n")
        until(lambda: visit.find("#verdict li").count() > 0)
        visit.find("#never summary").click()
        assert unreadable(visit) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_marks_edges_and_bars_stand_out_from_their_background(
    chromium: Browser, server: Server, scheme: Scheme
) -> None:
    with visiting(chromium, server.port, color_scheme=scheme) as visit:
        visit.open()
        assert between(visit.page, "--ink", "--mark") >= 4.5
        assert between(visit.page, "--rejected", "--mark") >= PARTS
        assert between(visit.page, "--rejected", "--rejected-tint") >= 4.5
        assert between(visit.page, "--valid", "--valid-tint") >= 4.5
        for name in ("--edge", "--accent", "--valid", "--rejected"):
            assert between(visit.page, name, "--pane") >= PARTS, name
        for name in ("1", "2", "3", "4", "5", "6", "rest"):
            assert between(visit.page, f"--series-{name}", "--pane") >= PARTS, name


@pytest.mark.parametrize(
    "page",
    [
        *("/reasons/key_malformed", "/causes/proxy_stripped_upgrade", "/docs/cli"),
        *("/reasons", "/nowhere", "/source"),
    ],
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_reasons_and_causes_can_be_read_too(
    chromium: Browser, server: Server, scheme: Scheme, page: str
) -> None:
    settings = {"color_scheme": scheme, "viewport": PHONE}
    with visiting(chromium, server.port, **settings) as visit:
        visit.page.goto(visit.address + page)
        seen = texts(visit.page)
        assert len(seen) > 9
        assert [one for one in seen if one.ratio < one.wanted] == []
        assert visit.page.evaluate(SMALLEST) >= 13
        assert visit.page.evaluate(TOO_WIDE) == 0
        visit.complaints.clear()  # the browser's own, about a 404


@pytest.mark.parametrize(
    ("width", "scheme"),
    # colours change no size: dark is seen once
    [*((width, "light") for width in (320, *WIDTHS)), (PHONE["width"], "dark")],
)
def test_at_every_width_all_fits_and_can_be_read_and_pressed(
    chromium: Browser, server: Server, width: int, scheme: Scheme
) -> None:
    size = {"width": width, "height": 844}
    settings = {"viewport": size, "has_touch": True, "color_scheme": scheme}
    with visiting(chromium, server.port, **settings) as visit:
        visit.open()
        for trial in ("key_missing", "oversized_cookies", "proxy_stripped_upgrade"):
            visit.find(f"[data-trial={trial}]").tap()
            visit.responded()
            assert visit.page.evaluate(TOO_WIDE) <= 0
            assert visit.page.evaluate(SMALLEST) >= 13
            assert visit.page.evaluate(SMALL) == 0
        visit.find("#never summary").tap()
        assert visit.page.evaluate(TOO_WIDE) <= 0


def test_the_keyboard_reaches_every_part_in_few_stops_and_the_focus_is_visible(
    chromium: Browser, server: Server
) -> None:
    with visiting(chromium, server.port) as visit:
        visit.open()
        reached: list[str] = []
        while "live" not in reached and len(reached) < 36:
            visit.page.keyboard.press("Tab")
            name, shown = visit.page.evaluate(FOCUSED)
            assert shown or name == "live", name
            reached.append(name)
        named = {"nginx", "edit", "copy", "search", "all", "send", "head"}
        assert named < set(reached)
        assert reached.index("search") < 24
        assert reached.index("proxy_stripped_upgrade") == reached.index("search") + 2
        assert len(reached) < 36


def test_in_forced_colours_what_was_done_to_a_line_is_a_word(
    chromium: Browser, server: Server
) -> None:
    with visiting(chromium, server.port, forced_colors="active") as visit:
        visit.open()
        words = visit.texts("#lines .word")
        assert words.count("taken out") == 1
        assert words.count("changed") == 2
        visit.press("key_malformed")
        assert visit.texts("#lines .marked .word") == ["→ wrong"]


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


def test_there_are_four_live_regions_and_no_more(
    chromium: Browser, server: Server
) -> None:
    with visiting(chromium, server.port) as visit:
        visit.open()
        regions = visit.find("[role=status], [role=alert]").all()
        names = [one.get_attribute("id") for one in regions]
        assert names == ["announced", "found", "headline", None]


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
