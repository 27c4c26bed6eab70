"""The contrast of every text that a page shows, as WCAG 2 computes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from playwright.sync_api import Page

#: WCAG 2 level AA: text, large text, and parts that one must see.
TEXT, LARGE, PARTS = 4.5, 3.0, 3.0

# Each text with its colour, what is painted below it from the top down, and its size.
_TEXTS = """async () => {
    // a colour that is still changing has been read too early
    await Promise.allSettled(document.getAnimations().map((one) => one.finished));
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const below = (element) => {
        const painted = [];
        for (let at = element; at; at = at.parentElement) {
            painted.push(getComputedStyle(at).backgroundColor);
        }
        return painted;
    };
    const seen = [];
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        const text = walker.currentNode.data.trim();
        const {color, fontSize, fontWeight} = getComputedStyle(element);
        if (!text || element.closest("#marks, script, style")) continue;
        if (!element.checkVisibility()) continue;
        seen.push([text.slice(0, 40), color, below(element),
                   parseFloat(fontSize), Number(fontWeight)]);
    }
    const field = document.querySelector("#head");
    if (field) seen.push(["the editor", getComputedStyle(field).color, below(field),
                          parseFloat(getComputedStyle(field).fontSize), 400]);
    return seen;
}"""

_NAMED = """name => {
    const probe = document.createElement("i");
    probe.hidden = true;
    document.body.append(probe);
    probe.style.color = `var(${name})`;
    const {color} = getComputedStyle(probe);
    probe.remove();
    return color;
}"""


class Colour(NamedTuple):
    """A colour as the browser computes it: channels to 255, opacity to 1."""

    red: float
    green: float
    blue: float
    alpha: float = 1.0

    @classmethod
    def of(cls, text: str) -> Colour:
        """Read rgb(1, 2, 3) or rgba(1, 2, 3, 0.5)."""
        return cls(*map(float, text.partition("(")[2].rstrip(")").split(",")))

    def over(self, ground: Colour) -> Colour:
        """Return what is seen of it upon a ground."""
        mixed = (
            top * self.alpha + below * (1 - self.alpha)
            for top, below in zip(self[:3], ground[:3], strict=True)
        )
        return Colour(*mixed)

    @property
    def luminance(self) -> float:
        """The relative luminance of WCAG 2."""
        red, green, blue = (_linear(channel / 255) for channel in self[:3])
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue


WHITE = Colour(255, 255, 255)


class Seen(NamedTuple):
    """A text, and how well it can be read."""

    text: str
    ratio: float
    wanted: float


def texts(page: Page) -> list[Seen]:
    """Return every text that can be seen, with its contrast."""
    seen: list[Any] = page.evaluate(_TEXTS)
    return [
        Seen(
            text,
            ratio(Colour.of(colour), _flattened(painted)),
            LARGE if size >= 24 or (size >= 18.66 and weight >= 700) else TEXT,
        )
        for text, colour, painted, size, weight in seen
    ]


def between(page: Page, one: str, other: str) -> float:
    """Return the contrast of two colours that the style sheet names."""
    first, second = (Colour.of(page.evaluate(_NAMED, name)) for name in (one, other))
    return ratio(first, second)


def _flattened(painted: list[str]) -> Colour:
    """Lay colours over each other, the topmost first, and a white page below all."""
    ground = WHITE
    for text in reversed(painted):
        ground = Colour.of(text).over(ground)
    return ground


def ratio(one: Colour, other: Colour) -> float:
    """Return the contrast of two colours: 1 for the same, 21 for black and white."""
    darker, lighter = sorted((one.luminance, other.luminance))
    return (lighter + 0.05) / (darker + 0.05)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
