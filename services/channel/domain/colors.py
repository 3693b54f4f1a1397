"""Colours as `#rrggbb`, and whether text in one can be read on another (WCAG 2.2, success criterion 1.4.3)."""

MIN_CONTRAST = 4.5
WHITE, BLACK = "#ffffff", "#000000"
_STEPS = 100


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 (the same) to 21 (black on white)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def text_on(background: str) -> str:
    """White or black, whichever reads better; one of them always has more than 4.5 to 1."""
    return max(WHITE, BLACK, key=lambda text: contrast(text, background))


def readable(text: str, background: str) -> str:
    """The colour nearest to `text`, on its way to white or black, that can be read on the background."""
    goal = text_on(background)
    mixed = (_mix(text, goal, step / _STEPS) for step in range(_STEPS + 1))
    return next(color for color in mixed if contrast(color, background) >= MIN_CONTRAST)


def _channels(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _luminance(color: str) -> float:
    red, green, blue = (_linear(value / 255) for value in _channels(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _mix(one: str, other: str, share: float) -> str:
    """A colour between two; `share`: how much it has of the other."""
    mixed = (round(a + (b - a) * share) for a, b in zip(_channels(one), _channels(other), strict=True))
    return "#" + "".join(f"{value:02x}" for value in mixed)
