"""The output of commands: nothing that a text brings along commands the terminal."""

from __future__ import annotations

import io

import pytest
from rich.text import Text

from stack.chat.command import ERASE, Screen
from stack.console import RED, Console, visible

HOSTILE = "a\x1b]0;owned\x07\x1b[31mred\x9b2J\r\u202egnp.md\udcff"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_hostile_text_is_one_line_of_visible_characters() -> None:
    assert visible(HOSTILE) == r"a\x1b]0;owned\x07\x1b[31mred\x9b2J\x0d\u202egnp.md\xff"
    assert visible("one\ntwo\tthree") == r"one\x0atwo\x09three"
    assert visible("Größe 问题 👩‍💻.md") == "Größe 问题 👩‍💻.md"


@pytest.mark.parametrize("stream", [io.StringIO, Terminal])
def test_whatever_is_printed_holds_only_the_commands_own_sequences(stream: type[io.StringIO]) -> None:
    said = stream()
    console = Console(said)
    console.line(f"{console.paint('name', RED)} {HOSTILE}\nnext")
    console.say(HOSTILE, HOSTILE)
    console.problem(HOSTILE)
    console.up("core", 1.0, HOSTILE)
    plain = Text.from_ansi(said.getvalue()).plain if stream is Terminal else said.getvalue()
    assert plain.count(visible(HOSTILE)) == 5
    assert said.getvalue().count("\x1b") == (10 if stream is Terminal else 0)
    assert not any(character in said.getvalue() for character in "\0\x07\x9b\r\u202e\udcff")
    assert "\nnext\n" in said.getvalue()


def test_a_chat_shows_what_a_server_says_without_obeying_it() -> None:
    said = Terminal()
    screen = Screen(Console(said), interactive=True)
    screen.prompt()
    screen.write(f"Bot: {HOSTILE}\n")
    assert said.getvalue().endswith(f"{ERASE}Bot: {visible(HOSTILE)}\n")
