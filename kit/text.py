"""The part of a text that people see."""

import re
import unicodedata

# Characters that show nothing though their category is that of letters, marks or signs: Unicode's Default_Ignorable_Code_Point
# beyond the format characters (DerivedCoreProperties.txt), and the braille pattern without dots.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)
_BLANK = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
"""Categories of control and format characters (zero-width and bidirectional ones too) and of white space."""


def is_blank(text: str) -> bool:
    """Whether a text shows nothing: it is empty, white space or made of invisible characters."""
    return all(unicodedata.category(char) in _BLANK or _INVISIBLE.match(char) is not None for char in text)
