"""The demo organization: Quillmere, an invented online shop for outdoor and home goods, and its help centre.

Only content and a loader. The one-machine stack and the tests call the services with them.

    demo.ORGANIZATION     who the tenant is
    demo.USERS            one user per role; all share DEMO_PASSWORD, which is for local use only
    demo.CHANNEL          the web-chat channel and its greeting
    demo.articles()       the help articles, as Markdown
    demo.questions()      labelled questions, to measure how well search finds the article that answers
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources

DEMO_PASSWORD = "frontdesk-demo"
"""Password of every demo user. It is public: never load the demo where strangers can reach it."""


@dataclass(frozen=True, slots=True)
class Organization:
    """A tenant: its id as in `organizations/{id}`, and the name people see."""

    id: str
    display_name: str


@dataclass(frozen=True, slots=True)
class User:
    """Someone who signs in. `role` is the id of one of the built-in roles; an agent gets a seat."""

    id: str
    role: str
    email: str
    display_name: str
    password: str = DEMO_PASSWORD


@dataclass(frozen=True, slots=True)
class Channel:
    """A web-chat channel; `suggestions` are questions that the widget may offer to an empty conversation."""

    id: str
    display_name: str
    greeting: str
    suggestions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """A help article. `id` fits a resource name; `text` is Markdown that starts with `# title`."""

    id: str
    title: str
    text: str


class Style(StrEnum):
    """How a question is put: with the article's own words, in other words, or as bare keywords."""

    PLAIN = "plain"
    PARAPHRASE = "paraphrase"
    KEYWORDS = "keywords"


@dataclass(frozen=True, slots=True)
class Question:
    """A labelled question. `articles` answer it, the best one first; empty when the help centre cannot answer it."""

    text: str
    style: Style
    articles: tuple[str, ...]
    answer: str
    """Words that a good answer contains; empty when there is no answer."""


ORGANIZATION = Organization("demo", "Quillmere")

USERS = (
    User("owner", "owner", "owner@example.com", "Demo Owner"),
    User("admin", "admin", "admin@example.com", "Demo Admin"),
    User("agent", "agent", "agent@example.com", "Demo Agent"),
    User("agent-two", "agent", "agent-two@example.com", "Second Demo Agent"),
    User("viewer", "viewer", "viewer@example.com", "Demo Viewer"),
)

CHANNEL = Channel(
    id="webchat",
    display_name="Quillmere web chat",
    greeting="Hello, and welcome to Quillmere. Ask me about orders, shipping, returns or our products; "
    "you can have a human at any time.",
    suggestions=(
        "How long does shipping take?",
        "How do I return something?",
        "Can I still cancel my order?",
        "My parcel arrived damaged",
    ),
)


def articles() -> Iterator[Article]:
    """Yields every help article, in the order of ids."""
    files = resources.files(__name__).joinpath("articles").iterdir()
    for file in sorted(files, key=lambda entry: entry.name):
        if file.name.endswith(".md"):
            text = file.read_text(encoding="utf-8")
            yield Article(id=file.name.removesuffix(".md"), title=text.partition("\n")[0].removeprefix("# "), text=text)


def questions() -> Iterator[Question]:
    """Yields the labelled questions in the order of the file, unanswerable ones last."""
    table = tomllib.loads(resources.files(__name__).joinpath("questions.toml").read_text(encoding="utf-8"))
    for entry in table["question"]:
        yield Question(entry["text"], Style(entry["style"]), tuple(entry.get("articles", ())), entry.get("answer", ""))
