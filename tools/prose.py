"""Checks the words of documents, docstrings, comments, errors and screens: `python -m tools.prose [file …]`.

docs/style.md has the rules for writers. This module knows the part of them that a machine can judge: words and patterns, each
with what to write instead, and the length of a document's lines. Code is not read: only comments, documents, strings
of more than one word, and the names of tests.
"""

from __future__ import annotations

import re
import subprocess
import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MAX_LINE = 128

SKIPPED = (
    "gen/",  # generated
    "docs/api.md",  # generated from proto/ and tools/gen/guide.md.in
    "docs/database-schema.md",  # generated from the migrations
    "demo/articles/",  # a shop's help pages, in the shop's words
    "web/src/shop/",  # likewise
    "tests/fault/mutants/",  # copies of code
    "kit/0002_events.sql",  # a migration that is applied may not change any more
    "services/admin/migrations/0001_people.sql",  # likewise
    "services/channel/migrations/0001_channels.sql",  # likewise
    "services/channel/migrations/0002_deliveries.sql",  # likewise
    "services/channel/migrations/0003_responders.sql",  # likewise
    "services/channel/migrations/0007_web_conversations.sql",  # likewise
    "services/core/migrations/0005_spending.sql",  # likewise
    "services/core/migrations/0007_identities.sql",  # likewise
    "services/memory/migrations/0001_documents.sql",  # likewise
    "LICENSE",
    "tools/prose.py",  # names the words that it finds
    "tests/architecture/test_prose.py",  # likewise
)

INSTEAD = {
    r"told": "says, returns, reports, is notified",
    r"tells?": "says, shows, returns, reports",
    r"anew": "again, rebuild",
    r"whoever|whosoever|whence|hence|lest|thrice|hitherto|thereof|therein|wherein|herein|unto|upon": "an everyday word",
    r"void(?:s|ed|ing)?": "revoke, revoked",
    r"mend(?:s|ed|ing)?": "repair, fix",
    r"(?:is|are|was|were|be|been|being|goes|a (?:store|database|service)) away": "unavailable",
    r"(?:lies?|lay|lain) (?:in|at|on|beside|behind|between|outside|past|there)": "is stored, is, are",
    r"(?:take|takes|taking|took|taken)(?: (?:it|them|messages|\w+s))? in(?= (?:and|by|with|one|a)\b|[.,;:])": "accept, receive",
    r"(?:bring|brings|bringing|brought) on": "forward, process",
    r"by (?:itself|themselves)": "automatically, on its own, alone",
    r"(?:go|goes|going|went|gone) on(?! (?:the|a|an|top)\b)": "continue, resume",
    r"by (?:Twilio|WhatsApp|REST|gRPC|words|meaning)(?! paths?\b)": "via, over; keyword search, semantic search",
    r"(?:hang|hangs|hung) on(?!\w)": "depend on, be connected to",
    r"(?:wish|wishes|wished)": "request, want",
    r"beats?": "heartbeat, interval",
    r"(?<=[,;:]\s)else(?! (?:if|0)\b)": "otherwise",
    r"stand-ins?": "simulator",
    r"(?:is|are|was|were|puts?|put|waits?|stands?|stay|stays|place) in line": "in the queue, waiting",
    r"in vain": "without effect",
    r"hears? of": "learns of, receives",
    r"for ever": "forever",
    r"(?:nobody|somebody)(?:'s)?": "no one, someone; better, make the component the subject",
}
"""Pattern of whole words (case does not matter), and what to write instead."""

NAMES = re.compile(r"\b_?(?:MOST|LONGEST|SHORTEST|FEWEST)_[A-Z_]+|\b[A-Z_]*PATIENCE\b")
"""Constants named by a word of ours instead of MAX_, MIN_ or _TIMEOUT."""

PATTERNS = [pattern.replace(" ", r"[\s#*]+") for pattern in INSTEAD]  # a line may end between two words
WORDS = re.compile(rf"\b(?:{'|'.join(PATTERNS)})\b", re.I)
OPENINGS = re.compile(
    r"(?:(?:^|\n)[\s#*/>-]*|[\"`(*] *|[.:;] )(?P<word>Who|What)\b"
    r"(?=[^.?!\n]*(?:\n[^.?!\n]+)*(?:[.!]|\n|$))"  # to the end of the sentence, which is no question mark
)
"""A sentence that begins with Who or What and is no question."""

PYTHON = re.compile(
    r'(?<=def )test_\w+|#[^\n]*(?:\n[ \t]*#[^\n]*)*|[rbfRBF]{0,2}"""(?:\\.|[^\\])*?"""|[rbfRBF]{0,2}"(?:\\.|[^"\\\n])*"', re.S
)
TYPESCRIPT = re.compile(
    r'(?<!:)//[^\n]*(?:\n[ \t]*//[^\n]*)*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`'
    r"|(?:(?<=[^=]>)|(?<=\}))[^<>{}();=/`\[\]]*(?=[<{])",  # the text between two tags
    re.S,
)
COMMENTS = re.compile(r"#[^\n]*(?:\n[ \t]*#[^\n]*)*|(?<!:)//[^\n]*(?:\n[ \t]*//[^\n]*)*|(?<=\n)--[^\n]*|<!--.*?-->", re.S)
CODE = re.compile(r"^ *```.*?^ *```|`[^`\n]*`|\]\([^)\s]*\)|<[^<>\s]*>|\{[^{}\n]*\}", re.M | re.S)
SQL = re.compile(
    r'[rbfRBF]{0,2}["`]{1,3}\s*(?:select|insert|update|delete|with|create|alter|lock|from|where|and|order)\b', re.I
)
STRING = re.compile(r'[rbfRBF]{0,2}(?:"(?!"")|`)')
"""A string on one line: a name or a question may begin with What."""
ALLOWED = re.compile(r"prose: allow ([\w ]+) \([^)]+\)")
"""`prose: allow told (it is Twilio's word)` on a line allows the word there."""

PARTS = {".py": PYTHON, ".ts": TYPESCRIPT, ".tsx": TYPESCRIPT, ".md": None, ".in": None, ".html": None}
COMMENTED = {".yaml", ".yml", ".toml", ".sh", ".sql", ".proto", ".css", ".patch", ""}


def prose(path: Path, text: str) -> list[tuple[int, str]]:
    """The parts of a file that people read, each with its offset."""
    if path.suffix in PARTS:
        pattern = PARTS[path.suffix]
    elif path.suffix in COMMENTED:
        pattern = COMMENTS
    else:
        return []
    if pattern is None:
        return [(0, CODE.sub(_blank, text))]
    found = ((part.start(), _sentence(part.group())) for part in pattern.finditer(text))
    return [(start, CODE.sub(_blank, part)) for start, part in found if " " in part and not SQL.match(part)]


def _sentence(part: str) -> str:
    """The name of a test is a sentence, too."""
    return part.replace("_", " ") if part.startswith("test_") else part


def _blank(code: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", code.group())


def problems(path: Path, text: str) -> Iterator[str]:
    """One line for each word that should be another one, and for each line of a document that is too long."""
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    lines = text.split("\n")
    for offset, part in prose(path, text):
        for found in WORDS.finditer(part):
            line = bisect_right(starts, offset + found.start())
            if found.group().lower() not in ALLOWED.findall(lines[line - 1].lower()):
                yield f"{path}:{line}: {' '.join(found.group().split())!r}: write {_instead(found)}"
        for found in () if STRING.match(part) else OPENINGS.finditer(part):
            line = bisect_right(starts, offset + found.start("word"))
            if path.suffix == ".md" and lines[line - 1].startswith("#"):
                continue  # a heading may be a clause
            yield f"{path}:{line}: a sentence begins with {found['word']!r}: name the subject"
    for found in NAMES.finditer(text) if path.suffix in {".py", ".ts", ".tsx"} else ():
        yield f"{path}:{bisect_right(starts, found.start())}: {found.group()!r}: write MAX_, MIN_, _TIMEOUT"
    if path.suffix == ".md":
        yield from _too_long(path, text)


def _instead(found: re.Match[str]) -> str:
    for pattern, instead in zip(PATTERNS, INSTEAD.values(), strict=True):
        if re.compile(rf"\b(?:{pattern})\b", re.I).match(found.string, found.start()):
            return instead
    raise AssertionError(found)


def _too_long(path: Path, text: str) -> Iterator[str]:
    """A line without a space (a link, a test's name) can't be broken; tables can't either."""
    for number, line in enumerate(re.sub(r"^ *```.*?^ *```", _blank, text, flags=re.M | re.S).split("\n"), 1):
        if len(line) > MAX_LINE and not line.lstrip().startswith("|") and " " in line.strip(" -*>"):
            yield f"{path}:{number}: {len(line)} characters: break the line at {MAX_LINE}"


def files() -> list[Path]:
    """Every file that is covered, by its path from the root."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [Path(line) for line in listed.stdout.splitlines() if not line.startswith(SKIPPED)]


def check(paths: Iterable[Path]) -> list[str]:
    """The problems of files, by their paths from the root."""
    return [
        problem
        for path in paths
        if path.suffix in {*PARTS, *COMMENTED} and (ROOT / path).is_file()
        for problem in problems(path, (ROOT / path).read_text())
    ]


if __name__ == "__main__":
    found = check([Path(name) for name in sys.argv[1:]] or files())
    print("\n".join(found))
    sys.exit(1 if found else 0)
