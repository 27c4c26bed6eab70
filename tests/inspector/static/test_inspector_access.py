"""Whether everyone can read and reach the inspector's page, in a real Chromium."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pytest

from tests.support.demos import until
from tests.support.inspector_visits import FIRST_ROW, NO_KEY, STRIPPED, inspecting, send
from tests.support.page_contrast import PARTS, between, texts

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.support.page_visits import Visit

pytest_plugins = ["tests.support.inspector_stage"]

Scheme = Literal["light", "dark"]

WIDTHS = (320, 390, 768, 1024, 1440, 2560)

# Which element has the focus, and whether one sees that it has.
FOCUSED = """(() => {
    const element = document.activeElement;
    const {outlineStyle, outlineWidth} = getComputedStyle(element);
    const name = element.ariaLabel || element.textContent || element.type;
    return [name.trim(), outlineStyle !== "none" && parseFloat(outlineWidth) >= 2];
})()"""

SMALL = """[...document.querySelectorAll("button, label, a, summary")].filter(
    (part) => part.checkVisibility()).map((part) => part.getBoundingClientRect())
    .filter(({width, height}) => width < 24 || height < 20).length"""

SIZES = """[...document.querySelectorAll("body *")].filter(
    (part) => part.checkVisibility() &&
    [...part.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
    .map((part) => parseFloat(getComputedStyle(part).fontSize))"""

TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def filled(visit: Visit) -> None:
    """Have the page show all that it has."""
    send(visit, NO_KEY.wire())
    send(visit, STRIPPED.wire())
    visit.page.get_by_role("button", name="Try an example").click()
    until(lambda: visit.page.locator(".result .config").count() == 2)
    if not visit.find(".details").is_visible():
        visit.page.locator(FIRST_ROW).first.click()
    until(lambda: visit.page.locator(".details .config").count() == 2)


@pytest.mark.parametrize("width", WIDTHS)
def test_at_every_width_all_fits_and_no_text_is_small(
    chromium: Browser, port: int, width: int
) -> None:
    size = {"width": width, "height": 900}
    with inspecting(chromium, port, viewport=size) as visit:
        filled(visit)
        assert visit.page.evaluate(TOO_WIDE) <= 0
        sizes = visit.page.evaluate(SIZES)
        assert len(sizes) > 60
        assert min(sizes) >= 13
        assert visit.page.evaluate(SMALL) == 0
        inside = "[...document.querySelectorAll('.details, .details-body, .result')]"
        for part in visit.page.evaluate(
            f"{inside}.map(part => part.scrollWidth - part.clientWidth)"
        ):
            assert part <= 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_the_contrast_of_wcag_aa(
    chromium: Browser, port: int, scheme: Scheme
) -> None:
    with inspecting(chromium, port, color_scheme=scheme) as visit:
        filled(visit)
        visit.page.get_by_label("by reason").check()
        visit.page.get_by_text("The event, as the log has it").click()
        seen = texts(visit.page)
        assert len(seen) > 60
        assert [one for one in seen if one.ratio < one.wanted] == []
        visit.page.locator(FIRST_ROW).first.hover()
        assert [one for one in texts(visit.page) if one.ratio < one.wanted] == []
        for name in ("--edge", "--accent", "--valid", "--rejected"):
            assert between(visit.page, name, "--pane") >= PARTS, name
        for name in ("1", "2", "3", "4", "5", "6", "rest"):
            assert between(visit.page, f"--series-{name}", "--pane") >= PARTS, name


def test_the_keyboard_reaches_all_in_few_stops_and_one_sees_where_it_is(
    chromium: Browser, port: int
) -> None:
    with inspecting(chromium, port) as visit:
        send(visit, NO_KEY.wire())
        send(visit, STRIPPED.wire())
        until(lambda: visit.page.locator(".details .config").count() == 2)
        reached: list[str] = []
        while "Try an example" not in reached and len(reached) <= 12:
            visit.page.keyboard.press("Tab")
            name, shown = visit.page.evaluate(FOCUSED)
            assert shown, name
            reached.append(name)
        assert len(reached) <= 12
        assert "Pause" in reached
        assert "Copy the lines for nginx, http { }" in reached


def test_the_arrow_keys_lead_through_the_list_and_the_details_follow(
    chromium: Browser, port: int
) -> None:
    with inspecting(chromium, port) as visit:
        for path in (b"/one", b"/two", b"/three"):
            send(visit, NO_KEY.asked(target=path).wire())
        until(lambda: "/three" in visit.text(".details .facts"))
        visit.page.locator(f"{FIRST_ROW} button").first.focus()
        keys = visit.page.keyboard
        for key, shown in (
            *(("ArrowDown", "/two"), ("ArrowDown", "/one"), ("ArrowUp", "/two")),
            ("Home", "/three"),
        ):
            keys.press(key)
            visit.page.locator(".details .facts", has_text=f"GET {shown}").wait_for()
        keys.press("End")
        focused = "document.activeElement.closest('tr').rowIndex"
        rows = visit.page.locator(FIRST_ROW).count()
        assert visit.page.evaluate(focused) == rows
        name = visit.page.evaluate("document.activeElement.ariaLabel")
        assert name.split(", ")[1].startswith("400 ")


def _is_focusable(node: dict[str, Any]) -> bool:
    return any(
        one["name"] == "focusable" and one["value"]["value"]
        for one in node.get("properties", [])
    )


def test_everything_that_takes_the_focus_has_a_name(
    chromium: Browser, port: int
) -> None:
    with inspecting(chromium, port) as visit:
        filled(visit)
        session = visit.page.context.new_cdp_session(visit.page)
        nodes = session.send("Accessibility.getFullAXTree")["nodes"]
        reached = [node for node in nodes if _is_focusable(node)]
        assert len(reached) > 10
        assert [node for node in reached if not node["name"].get("value")] == []


@pytest.mark.parametrize(
    ("wish", "allowed"), [("reduce", {"0s"}), ("no-preference", {"0s", "0.15s"})]
)
def test_a_person_who_wants_less_motion_gets_none(
    chromium: Browser,
    port: int,
    wish: Literal["reduce", "no-preference"],
    allowed: set[str],
) -> None:
    with inspecting(chromium, port, reduced_motion=wish) as visit:
        durations = visit.page.evaluate(
            "[...document.querySelectorAll('*')].map(part =>"
            " getComputedStyle(part).transitionDuration)"
        )
        assert set(durations) == allowed


def test_with_forced_colours_one_sees_the_chart_the_chosen_row_and_the_marks(
    chromium: Browser, port: int
) -> None:
    with inspecting(chromium, port, forced_colors="active") as visit:
        filled(visit)
        style = "getComputedStyle(document.querySelector('%s')).%s"
        chosen = "tr:has([aria-pressed=true])"
        other = "tr:has([aria-pressed=false])"
        assert visit.page.evaluate(style % (chosen, "outlineStyle")) == "solid"
        assert visit.page.evaluate(style % (other, "outlineStyle")) == "none"
        marked = visit.page.evaluate(style % (".lines .marked", "outlineStyle"))
        assert marked == "solid"
        swatches = visit.page.evaluate(
            "[...document.querySelectorAll('.swatch')].map(part =>"
            " getComputedStyle(part).backgroundColor)"
        )
        assert len(set(swatches)) == 2
