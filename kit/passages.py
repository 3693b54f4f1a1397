"""The form of a passage's text, on which memory, which makes passages, and core, which quotes them, agree."""

HEADING_MARK = "› "
"""Begins a line inside a passage that is the heading of the lines after it."""


def sections(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """The sections of a passage: heading and lines. The first one has no heading where the text begins without."""
    found: list[tuple[str, tuple[str, ...]]] = []
    heading, lines = "", list[str]()
    for line in text.split("\n"):
        if line.startswith(HEADING_MARK):
            if any(lines):
                found.append((heading, tuple(lines)))
            heading, lines = line.removeprefix(HEADING_MARK), []
        else:
            lines.append(line)
    if any(lines) or not found:
        found.append((heading, tuple(lines)))
    return found
