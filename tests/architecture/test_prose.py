"""The words of documents, comments, errors and screens are those of docs/style.md; `tools/prose.py` finds the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.budgets import assert_quick
from tools.prose import check, files, problems


def test_covered_files_use_the_words_of_the_style_guide() -> None:
    found: list[str] = []
    assert_quick(3.0, lambda: found.extend(check(files())))
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.md", "One.\n\nThe caller is told.\n", "a.md:3: 'told': write says, returns, reports, is notified"),
        ("a.md", "It goes\nhome and goes on.\n", "a.md:2: 'goes on': write continue, resume"),
        ("a.py", "# it goes\n# on\n", "a.py:1: 'goes # on'"),
        ("a.md", "x " * 65 + "\n", "a.md:1: 130 characters: break the line at 128"),
        ("a.md", "Who only waits is served.\n", "a.md:1: a sentence begins with 'Who': name the subject"),
        ("a.md", "- **Fact.** What is gone\n  stays gone.\n", "a.md:1: a sentence begins with 'What': name the subject"),
        ("a.py", 'def f():\n    """Makes it anew."""\n', "a.py:2: 'anew': write again, rebuild"),
        ("a.py", "x = 1  # the store is away\n", "a.py:1: 'is away': write unavailable"),
        ("a.py", 'raise E(f"{n} tokens are void.")\n', "a.py:1: 'void': write revoke, revoked"),
        ("a.tsx", "<p>\n  Nobody waits.\n</p>\n", "a.tsx:2: 'Nobody': write no one"),
        ("a.ts", 'const text = "Somebody writes";\n', "a.ts:1: 'Somebody': write no one"),
        ("a.py", "def test_a_caller_is_told() -> None: ...\n", "a.py:1: 'told': write says"),
        ("a.py", "_MOST_TURNS = 2\n", "a.py:1: '_MOST_TURNS': write MAX_"),
        ("a.yaml", "port: 1 # lies in the cluster\n", "a.yaml:1: 'lies in': write is stored, is, are"),
    ],
)
def test_a_broken_rule_is_reported_with_its_place_and_the_replacement(name: str, text: str, expected: str) -> None:
    assert [problem[: len(expected)] for problem in problems(Path(name), text)] == [expected]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.md", "Who may call? What happens then? Run `told`.\n\n```sh\ntold anew\n```\n| x " + "x " * 70 + "|\n"),
        ("a.md", f"- [{'x' * 130}](told)\n"),
        ("a.md", "## What works\n"),
        ("a.py", "told = anew(whoever)\n"),
        ("a.py", 'query = """select told\nfrom anew"""\nkey = "told"\n'),
        ("a.py", 'x = "is told this"  # prose: allow told (Twilio\'s word)\n'),
        ("a.ts", 'const told = (void 0, () => "told");\nfunction f(): void { /* a function */ }\n'),
    ],
)
def test_code_and_names_are_not_judged(name: str, text: str) -> None:
    assert list(problems(Path(name), text)) == []
