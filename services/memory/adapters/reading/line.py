"""A line of a page."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page, with the box of its letters in points from the lower left corner."""

    text: str
    left: float
    bottom: float
    right: float
    top: float

    @property
    def height(self) -> float:
        """The height of its letters' boxes: the size of its type."""
        return self.top - self.bottom

    @property
    def size(self) -> float:
        """The height in halves of a point, so that equal type has equal sizes."""
        return round(self.height * 2) / 2
