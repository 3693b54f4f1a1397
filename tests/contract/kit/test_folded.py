"""The function folded() of PostgreSQL is the one of Python."""

from __future__ import annotations

import sys
import unicodedata
from typing import Any

import pytest

from kit.text import folded

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def _folded(pool: Any, texts: list[str]) -> list[str]:
    sql = "select folded(text) as plain from unnest($1::text[]) with ordinality given(text, n) order by n"
    return [row["plain"] for row in await pool.fetch(sql, texts)]


async def test_every_character_is_folded_alike(pool: Any) -> None:
    """Those that this Python's version of Unicode knows: PostgreSQL's may be newer."""
    known = [char for char in map(chr, range(1, sys.maxunicode + 1)) if unicodedata.category(char) not in ("Cs", "Co", "Cn")]
    texts = [f"a{char}b" for char in known]
    ours, theirs = [folded(text) for text in texts], await _folded(pool, texts)
    assert {char: pair for char, *pair in zip(known, ours, theirs, strict=True) if pair[0] != pair[1]} == {}
    assert [text for text in ours if folded(text) != text] == []


async def test_words_are_folded_alike(pool: Any) -> None:
    texts = [
        "ΟΔΟΣ Σ",
        "IŞIK ışık İ",
        "Đorđe Œuvre Þór ẞ",
        "مُحَمَّد שָׁלוֹם",
        "हिन्दी किला",
        "학교 ㅎㅏㄱ",
        "ｶﾞガ",
        "Acme™ №5 ﬁn",
        "é́",
        "\u0308 \u0301",
    ]
    texts += [unicodedata.normalize("NFD", text) for text in texts]
    assert await _folded(pool, texts) == [folded(text) for text in texts]


async def test_an_index_of_folded_names_is_used(pool: Any) -> None:
    await pool.execute("create table person (name text)")
    await pool.execute("insert into person select 'Zoë ' || n from generate_series(1, 5000) n")
    await pool.execute('create index person_name on person (folded(name) collate "C")')
    await pool.execute("analyze person")
    name = 'folded(name) collate "C"'
    plan = await pool.fetch(f"explain select from person where {name} >= folded('ZOË 41') and {name} < folded('ZOË 42')")
    await pool.execute("drop table person")
    assert "person_name" in "".join(row[0] for row in plan)
