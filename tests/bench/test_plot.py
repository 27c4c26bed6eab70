"""The picture that the bench draws, as a browser shows it and as its source reads."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal

import pytest

from tests.bench.bytes import CHART
from tests.bench.plot import HEIGHT, WIDTH, Line, drawn
from tests.bench.plot_labels import LEADING, Box, placed
from tests.support.page_contrast import PARTS, TEXT, Colour, ratio

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    Scheme = Literal["light", "dark"]

pytest_plugins = ["tests.support.page_stage"]

EDGES = (0.0, 500.0)
FLAT = [(0.0, 100.0), (500.0, 100.0)]
SHORT = [(0.0, 50.0), (250.0, 60.0)]

# Every text with its room and colour; the paper; the lines, and the texts that they
# go through or touch.
_SEEN = """() => {
    const texts = [...document.querySelectorAll("text")];
    const lines = [...document.querySelectorAll("path.line")];
    const rooms = texts.map((text) => text.getBoundingClientRect());
    const crossed = texts.filter((_, at) => lines.some((line) => {
        for (let along = 0; along <= line.getTotalLength(); along += 1) {
            const {x, y} = line.getPointAtLength(along);
            const {left, right, top, bottom} = rooms[at];
            if (left < x && x < right && top - 3 < y && y < bottom + 3) return true;
        }
    }));
    return {
        texts: texts.map((text, at) => [
            text.textContent, getComputedStyle(text).fill,
            [rooms[at].left, rooms[at].right, rooms[at].top, rooms[at].bottom],
        ]),
        paper: getComputedStyle(document.querySelector("rect")).fill,
        lines: lines.map((line) => getComputedStyle(line).stroke),
        crossed: crossed.map((text) => text.textContent),
    };
}"""


def shown(chromium: Browser, scheme: Scheme) -> dict[str, Any]:
    context = chromium.new_context(
        color_scheme=scheme, viewport={"width": WIDTH, "height": HEIGHT}
    )
    try:
        page = context.new_page()
        page.goto(CHART.as_uri())
        found: dict[str, Any] = page.evaluate(_SEEN)
    finally:
        context.close()
    return found


@pytest.fixture(scope="module", name="pictures")
def _pictures(chromium: Browser) -> dict[str, dict[str, Any]]:
    return {"light": shown(chromium, "light"), "dark": shown(chromium, "dark")}


def test_every_text_of_the_chart_can_be_read(
    pictures: dict[str, dict[str, Any]],
) -> None:
    seen = [(text, Box(*room)) for text, _, room in pictures["light"]["texts"]]
    for (one, room), (other, taken) in combinations(seen, 2):
        assert not room.overlaps(taken), (one, other)
    assert min(room.left for _, room in seen) > 0
    assert max(room.right for _, room in seen) < WIDTH
    assert max(room.bottom for _, room in seen) < HEIGHT
    assert pictures["light"]["crossed"] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_colour_of_the_chart_stands_out_from_its_background(
    pictures: dict[str, dict[str, Any]], scheme: str
) -> None:
    picture = pictures[scheme]
    paper = Colour.of(picture["paper"])
    assert (paper.luminance > 0.5) == (scheme == "light")
    for text, colour, _ in picture["texts"]:
        assert ratio(Colour.of(colour), paper) >= TEXT, text
    for colour in picture["lines"]:
        assert ratio(Colour.of(colour), paper) >= PARTS


def test_a_picture_has_its_words_for_who_cannot_see_it() -> None:
    svg = drawn("A & B", "below", "<none>", [Line("one", [(1, 10), (2, 20)])])
    assert 'role="img" aria-labelledby="title description"' in svg
    assert '<title id="title">A &amp; B</title>' in svg
    assert '<desc id="description">&lt;none&gt;</desc>' in svg


def test_the_axes_have_the_steps_that_all_points_are_between() -> None:
    svg = drawn("", "", "", [Line("one", [(0.5, 30), (4, 1900)])])
    steps = ["20", "50", "100", "200", "500", "1,000", "2,000", "0.5", "1", "2", "4"]
    assert [text for text in steps if f">{text}</text>" in svg] == steps
    assert ">10</text>" not in svg


def test_what_is_dashed_is_no_first_line_and_a_guide_has_no_marks() -> None:
    points = [(1.0, 10.0), (2.0, 20.0)]
    first, dashed, guide = (
        drawn("", "", "", [Line("one", points, style=style)])
        for style in ("solid", "dashed", "guide")
    )
    assert '<g class="solid first" color="var(--0)">' in first
    assert '<g class="dashed" color="var(--0)">' in dashed
    assert '<g class="guide" color="var(--soft)">' in guide
    assert [svg.count('class="mark"') for svg in (first, dashed, guide)] == [2, 2, 0]


def test_labels_at_the_edge_are_moved_apart_around_where_they_belong() -> None:
    near = [(0.0, 0.0), (500.0, 104.0)]
    far = [(0.0, 0.0), (500.0, 300.0)]
    (upper, _), (lower, lead), (third, _) = placed("abc", [FLAT, near, far], EDGES)
    assert upper[0] == lower[0] == third[0] == 518
    assert lower[1] - upper[1] == pytest.approx(LEADING)
    assert (upper[1] + lower[1]) / 2 == pytest.approx(102 + 4.5)
    assert third[1] == 304.5
    assert lead[0] == (507, 104)
    assert lead[1] == pytest.approx((514, 102 + LEADING / 2))


def test_a_label_of_a_line_that_ends_early_is_close_to_its_end_and_on_no_line() -> None:
    paths = [FLAT, SHORT]
    _, (place, lead) = placed(["flat", "short"], paths, EDGES)
    box = Box.of("short", place[0], place[1] - 4.5)
    assert not any(box.is_on(path) for path in paths)
    assert abs(place[1] - 60) < 2 * LEADING
    assert box.left < 250 < box.right
    assert lead[0] == (250, 66)


def test_a_label_may_stand_above_and_beside_another_one() -> None:
    below = [(0.0, 75.0), (500.0, 75.0)]
    wall = [(0.0, 90.0), (500.0, 90.0)]
    _, _, one, other = placed(
        ["below", "wall", "one", "other"], [below, wall, SHORT, SHORT], EDGES
    )
    boxes = [Box.of("other", place[0], place[1] - 4.5) for place, _ in (one, other)]
    assert not boxes[0].overlaps(boxes[1])
    assert one[0][1] < 60
    assert one[1][0] == (250, 54)


def test_where_there_is_no_room_for_a_label_it_is_said() -> None:
    walls = [[(0.0, float(y)), (500.0, float(y))] for y in range(-1000, 1000, 10)]
    with pytest.raises(ValueError, match=r"^There is no room for 'short'\.$"):
        placed(["wall"] * len(walls) + ["short"], [*walls, SHORT], EDGES)
