"""The part of a text that people see, and what they take for the same."""

import re
import unicodedata

# Characters that show nothing though their category is that of letters, marks or signs: Unicode's Default_Ignorable_Code_Point
# beyond the format characters (DerivedCoreProperties.txt), and the braille pattern without dots.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)
_BLANK = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
"""Categories of control and format characters (zero-width and bidirectional ones too) and of white space."""
# Marks without which a word is still the same: those of Latin, Greek and Cyrillic, of Hebrew, of Arabic and of Syriac. Of other
# scripts all marks stay: vowels of Devanagari or Thai and the voicing of kana make other words.
_MARKS = re.compile(
    "["
    "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff"
    "\u20d0-\u20ff\u2de0-\u2dff\ua66f-\ua672\ua674-\ua67d\ua69e\ua69f\ufe20-\ufe2f"
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\ufb1e"
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
    "\u0898-\u089f\u08ca-\u08e1\u08e3-\u08ff"
    "\u0711\u0730-\u074a"
    "]+"
)
_PLAIN = str.maketrans(
    dict(zip("ıøłđðħŧŋəɓɗǥɨƙʉƴƶς", "iolddhtnebdgikuyzσ", strict=True)) | {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
)
"""Letters that have no decomposition, in lower case."""


def printable(text: str) -> str:
    """A text without characters that are neither printable nor white space, such as a NUL, which PostgreSQL stores none of."""
    return "".join(char for char in text if char.isprintable() or char.isspace())


def shown_name(text: str) -> str:
    """A name as people see it, on one line and without blanks around it.

    Nothing in it is invisible or turns the direction of the text around it: such a name could pass for another one, or change
    how a page reads. Other white space becomes a space; control and format characters are left out.
    """
    return "".join(char if char.isprintable() else " " if char.isspace() else "" for char in text).strip()


def without_accents(text: str) -> str:
    """A text without the accents of its letters."""
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))


def folded(text: str) -> str:
    """A text as names are compared: in small letters without marks, and with the plain letters for those that have none.

    The same rule as `folded` in kit/0007_plain_letters.sql and in web/src/ui/folded.ts.
    """
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", text).lower()).translate(_PLAIN)
    return unicodedata.normalize("NFC", plain)


def sought(query: str) -> str:
    """A query for names as it is compared, with single blanks. One that becomes "" means no name, though every name has it."""
    return " ".join(folded(query).split())


def is_blank(text: str) -> bool:
    """Whether a text shows nothing: it is empty, white space or made of invisible characters."""
    return all(unicodedata.category(char) in _BLANK or _INVISIBLE.match(char) is not None for char in text)
