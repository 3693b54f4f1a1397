"""Cleans what any reader read: characters that no store takes, that no one sees, or that stand for several letters."""

import re
import unicodedata
from dataclasses import replace

from services.memory.domain.outline import Outline

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_INVISIBLE = re.compile(
    r"[\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]"
)
_JOINER = re.compile(r"[\u200c\u200d]")
_LIGATURES = str.maketrans(
    {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st"}
)
_SPACES = str.maketrans(
    dict.fromkeys("\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " ")
)
_REPLACED = re.compile(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\ufb00-\ufb06]")
"""The characters of both."""
_JOINED_SCRIPTS = (
    "ARABIC", "DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA", "TAMIL", "TELUGU", "KANNADA", "MALAYALAM", "SINHALA",
    "MONGOLIAN", "SYRIAC", "NKO", "KHMER", "MYANMAR",
)  # fmt: skip
"""Scripts in which a joiner or non-joiner changes what is read (Unicode, chapter 23.2)."""


def clean(text: str) -> str:
    """The text in composed form (NFC) without control and invisible characters; line breaks and tabs stay.

    Zero-width joiners stay where a script or an emoji needs them. Soft hyphens go. The letters of a ligature stand alone.
    """
    if text.isascii():
        return _CONTROL.sub("", text) if _CONTROL.search(text) else text
    text = _INVISIBLE.sub("", _CONTROL.sub("", text))
    if _REPLACED.search(text):
        text = text.translate(_LIGATURES).translate(_SPACES)
    text = _JOINER.sub(_joiner, text)
    return unicodedata.normalize("NFC", text)


def _joiner(match: re.Match[str]) -> str:
    before, after = match.string[: match.start()][-1:], match.string[match.end() :][:1]
    return match[0] if _is_joined(before) and (_is_joined(after) or match[0] == "\u200c") else ""


def _is_joined(character: str) -> bool:
    if not character:
        return False
    if unicodedata.category(character) in ("So", "Sk") or character in "\ufe0f\u2640\u2642":  # emoji, their skins and sexes
        return True
    return unicodedata.name(character, "").startswith(_JOINED_SCRIPTS)


def clean_outline(outline: Outline) -> Outline:
    """An outline with all its texts clean; blocks without a letter, a digit or a sign go."""
    blocks = []
    for block in outline.blocks:
        text = clean(block.text)
        if text.strip(" \n\t-"):
            headings = tuple(clean(heading) for heading in block.headings)
            blocks.append(replace(block, text=text, headings=headings, header=clean(block.header)))
    return Outline(" ".join(clean(outline.title).split())[:200], tuple(blocks), outline.warnings)
