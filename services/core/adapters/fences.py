"""Fences around the words of others in a prompt: what a page or a customer wrote can't pass for the prompt's own text.

A fence's name holds a digest of all that is in the prompt. A writer can't know it beforehand, and the same prompt has the same.
Tokens of models' own formats, look-alikes of citation marks and of fences get a space after their bracket, and are text.
"""

import hashlib
import re
from collections.abc import Iterable

NAME = "passages"
SUMMARY = "summary"
_DIGITS = 16
_TOKENS = re.compile(
    r"<(?=[|｜])|(?<=[|｜])(?=>)|<(?=/?(?:s|bos|eos|unk|pad|mask|cls|sep|think|start_of_turn|end_of_turn|tool_\w+|function_\w+)>)"
    r"|<(?=<?/?SYS>)|\[(?=/?(?:INST|SYSTEM_PROMPT|TOOL_CALLS|TOOL_RESULTS|AVAILABLE_TOOLS|gMASK)\])"
    rf"|<(?=/?{NAME}\b)|<(?=/?{SUMMARY}-)|\[(?=#*(?:[0-9]|unknown))",
    re.I,
)
_SIGNS = frozenset("<[|｜")
"""Each token has one of them."""
_MARKS = re.compile(r"\s?\[#*(?:[0-9]{1,3}(?:\s?,\s?#*[0-9]{1,3})*|unknown)\]", re.I)


def escaped(text: str) -> str:
    """A text of someone else, as it stands in a prompt."""
    if not _SIGNS.intersection(text):  # as most texts: a pattern takes 15 times as long
        return text
    return _TOKENS.sub(lambda found: f"{found[0]} ", text)


def without_marks(text: str) -> str:
    """An earlier reply without the citation marks that it may hold."""
    return _MARKS.sub("", text).strip() if "[" in text else text


def name_of(texts: Iterable[str], name: str = NAME) -> str:
    """The name of a fence in a prompt of these texts."""
    digest = hashlib.sha256()
    for text in texts:
        digest.update(f"{len(text)}:{text}".encode(errors="replace"))
    return f"{name}-{digest.hexdigest()[:_DIGITS]}"


def fenced(name: str, text: str) -> str:
    """A text in its fence."""
    return f"<{name}>\n{text}\n</{name}>"
