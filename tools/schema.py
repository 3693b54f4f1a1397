"""docs/database-schema.md, read from real stores: the migrations applied to PostgreSQL, collections made in MongoDB.

python -m tools.schema            starts both stores in a temporary folder and writes the page (`make schema`)
python -m tools.schema --check    writes nothing and fails on a difference, as tests/contract/test_schema.py does
"""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import SecretStr

from kit import migrations, postgres
from kit.clock import utc_now
from kit.ids import OrganizationId
from services.core import domain as core
from services.core.adapters import mongo as core_mongo
from services.memory.adapters import mongo
from services.memory.adapters.mongo_texts import MongoTexts
from services.memory.domain.documents import ContentId, DocumentId, EditionId, Passage
from services.memory.ports import Embedded

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "database-schema.md"
KIT = ROOT / "kit"
_MADE = r"create (?:unlogged )?table (?:if not exists )?(\w+)"
SERVICES = ("core", "channel", "memory", "agent", "admin")

ABOUT = """\
# Database schema

Made by `make schema` from the migrations, applied to a real PostgreSQL, and from the collections that core and memory make in
MongoDB; do not edit. Sentences come from the comments in `services/*/migrations`.

One PostgreSQL database holds a schema and a login role per service (`frontdesk_core` owns `core`, and so on), and no role can
read another's schema. Ids are text, and an organization's rows carry the organization's id. [architecture.md](architecture.md)
explains the ownership.
"""
TRANSCRIPTS = """\
## core: MongoDB, database `core`

Transcripts: conversations for reading and searching. A projection of core's journal, written with majority and journal:
`frontdesk rebuild transcripts` rebuilds it. `position` is that of the newest fact in a document; `marks` has the cursor of each
shard. MongoDB itself refuses a document with other fields or types than these.
"""
MONGO = """\
## memory: MongoDB, database `memory`

The texts of documents: `contents` as they were given, or `content_pieces` of those that were uploaded, and `passages` as they
were read and split, with their vectors. Written with majority and journal, and before the row in PostgreSQL that refers to them
by `_id` or `edition`. Texts without a row are not read, and the sweeper deletes them.
"""
ELSEWHERE = """\
## Other stores

| store | holds | may be lost |
|---|---|---|
| Chroma | vectors, a collection per organization and embedding model | yes: rebuilt from PostgreSQL and MongoDB |
| Redis | presence marks, buckets of rate limits, live text and hints on their way | yes, at any moment: it costs latency |
"""


@dataclass
class Words:
    """The comments of a migration on one table and its columns."""

    table: str = ""
    columns: dict[str, str] = field(default_factory=dict)


def comments(service: str) -> dict[str, Words]:
    """The comments that stand before tables and columns in a service's migrations."""
    found: dict[str, Words] = {}
    for _, text in migrations.files(service):
        table, pending = "", []
        for line in text.splitlines():
            if comment := re.match(r"\s*-- ?(.*)", line):
                pending.append(comment[1])
                continue
            if made := re.match(_MADE, line):
                table = made[1]
                found[table] = Words(" ".join(pending))
            elif line.startswith(")"):
                table = ""
            elif table and pending and (column := re.match(r"\s+(\w+) ", line)):
                found[table].columns[column[1]] = " ".join(pending)
            pending = []
    return found


async def postgres_part(urls: Mapping[str, str]) -> list[str]:
    """The schemas of all services. `urls`: each service's own role in one empty database."""
    common: list[str] = []
    parts: list[str] = []
    for service in SERVICES:
        async with postgres.open_pool(SecretStr(urls[service]), size=1) as pool:
            await migrations.apply(pool, service)
            words = comments(service)
            tables = [row["relname"] for row in await pool.fetch(_TABLES, service)]
            shared = {"migration", *(name for path in KIT.glob("*.sql") for name in re.findall(_MADE, path.read_text()))}
            if not common:
                common = [await _table(pool, service, name, words, "###", "") for name in tables if name in shared]
            parts.append(f"## {service}: PostgreSQL, schema `{service}`\n")
            own = [name for name in tables if name not in shared]
            parts += [await _table(pool, service, name, words, "###", f"{service}.") for name in own]
    return [
        "## In every schema\n\nThe journal; how far others' journals were followed, and by whom; which migrations ran.\n",
        *common,
        *parts,
    ]


_TABLES = """
select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = $1 and c.relkind = 'r' order by c.relname
"""
_COLUMNS = """
select a.attname, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull, a.attidentity <> '' as identity,
    pg_get_expr(d.adbin, d.adrelid) as value
from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum
"""
_CONSTRAINTS = """
select pg_get_constraintdef(oid) as definition from pg_constraint
where conrelid = $1::regclass and contype <> 'n' order by array_position(array['p', 'u', 'f', 'c'], contype::text), conname
"""
_INDEXES = """
select pg_get_indexdef(i.indexrelid) as definition from pg_index i join pg_class c on c.oid = i.indexrelid
where i.indrelid = $1::regclass
    and not exists (select from pg_constraint where conindid = i.indexrelid and contype in ('p', 'u'))
order by c.relname
"""
_POLICIES = "select polname, pg_get_expr(polqual, polrelid) as rule from pg_policy where polrelid = $1::regclass"
_UNLOGGED = "select relpersistence = 'u' from pg_class where oid = $1::regclass"


async def _table(pool: Any, schema: str, name: str, words: Mapping[str, Words], level: str, prefix: str) -> str:
    table = f"{schema}.{name}"
    said = words.get(name, Words())
    lines = [f"{level} {prefix}{name}\n"]
    if said.table:
        lines.append(f"{said.table}\n")
    lines += ["| column | type | |", "|---|---|---|"]
    for row in await pool.fetch(_COLUMNS, table):
        notes = [] if row["attnotnull"] else ["may be null"]
        notes += ["numbered by the database"] if row["identity"] else []
        notes += [f"default `{_plain(row['value'], schema)}`"] if row["value"] else []
        text = "; ".join(notes)
        lines.append(
            f"| `{row['attname']}` | {row['type']} | {'. '.join(filter(None, (text, said.columns.get(row['attname']))))} |"
        )
    lines.append("")
    lines += [f"- {_plain(row['definition'], schema)}" for row in await pool.fetch(_CONSTRAINTS, table)]
    lines += [f"- {_index(row['definition'], schema)}" for row in await pool.fetch(_INDEXES, table)]
    lines += [f"- row-level security: `{_plain(row['rule'], schema)}`" for row in await pool.fetch(_POLICIES, table)]
    lines += ["- unlogged: emptied by a crash"] if await pool.fetchval(_UNLOGGED, table) else []
    return "\n".join(lines) + "\n"


def _plain(sql: str, schema: str) -> str:
    return sql.replace(f"{schema}.", "").replace("::text", "").replace("|", "\\|")


def _index(sql: str, schema: str) -> str:
    """`CREATE UNIQUE INDEX i ON core.t USING btree (a) WHERE …` as `unique index i (a) where …`."""
    form = re.match(r"CREATE (UNIQUE )?INDEX (\w+) ON \S+ USING (\w+) (.*)", sql)
    assert form is not None, sql
    kind = "" if form[3] == "btree" else f" by {form[3]}"
    return f"{(form[1] or '').lower()}index `{form[2]}`{kind} {_plain(form[4], schema)}"


async def transcripts_part(url: str) -> list[str]:
    """Core's collections."""
    async with core_mongo.open_database(url) as database:
        transcripts = core_mongo.MongoTranscripts(database)
        await transcripts.prepare()
        await transcripts.marks([0])
        now = utc_now()
        organization, conversation = OrganizationId("o"), core.ConversationId("c")
        said = core.Message(core.MessageId("m"), 1, core.Role.CUSTOMER, "text", now, "source")
        place = (core.CustomerId("u"), core.ChannelId("w"), core.State.AUTOMATED)
        kept = core.Conversation(organization, conversation, *place, now, now)
        await transcripts.write([core.Entry(0, 1, 0, kept, said)])
        return [TRANSCRIPTS, *await _collections(database)]


async def mongo_part(url: str) -> list[str]:
    """Memory's collections."""
    async with mongo.open_database(url) as database:
        await mongo.prepare(database)
        await _store_something(MongoTexts(database))
        return [MONGO, *await _collections(database)]


async def _collections(database: mongo.Database) -> list[str]:
    """Every collection, with the fields of a really stored document, and its indexes."""
    parts = []
    for name in sorted(await database.list_collection_names()):
        row = await database[name].find_one({})
        assert row is not None, f"nothing was stored in {name}"
        lines = [f"### {name}\n", "| field | type |", "|---|---|"]
        lines += [f"| `{path}` | {kind} |" for path, kind in _fields(row)]
        lines.append("")
        indexes = await database[name].index_information()
        lines += [_mongo_index(key, indexes[key]) for key in sorted(indexes) if key != "_id_"]
        parts.append("\n".join(lines).rstrip() + "\n")
    return parts


async def _store_something(texts: MongoTexts) -> None:
    """A text and a passage, so that every collection holds something."""
    organization, document = OrganizationId("o"), DocumentId("d")
    await texts.put_content(organization, document, ContentId("c"), b"text")
    await texts.put_pieces(organization, ContentId("u"), _pieces())
    passage = Passage(organization, document, 1, EditionId("e"), 0, "Title", "Heading", "", "text")
    for edition in ("former", "e"):
        made = replace(passage, edition=EditionId(edition))
        await texts.put_passages([Embedded(made, np.zeros(2, np.float32), "model")])
    await texts.retire([EditionId("former")])


async def _pieces() -> AsyncIterator[bytes]:
    yield b"text"


def _fields(row: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in row.items():
        if isinstance(value, dict):
            yield from _fields(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", _kind(value)


def _kind(value: object) -> str:
    kinds = {"str": "text", "bool": "yes or no", "int": "number", "float": "number", "datetime": "time", "bytes": "bytes"}
    kinds |= {"NoneType": "null, or an object", "list": "list", "ObjectId": "made by MongoDB"}
    return kinds[type(value).__name__]


def _mongo_index(name: str, index: Mapping[str, Any]) -> str:
    keys: Sequence[tuple[str, Any]] = index["key"]
    text = ", ".join(f"{key} descending" if order == -1 else str(key) for key, order in keys if not str(key).startswith("_ft"))
    if "weights" in index:
        text += ", words of " + ", ".join(f"{key} ({weight:.0f})" for key, weight in sorted(index["weights"].items()))
    return f"- {'unique ' if index.get('unique') else ''}index `{name}`: {text}"


async def document(urls: Mapping[str, str], mongo_url: str) -> str:
    """The whole page. `urls`: by service, in one empty database; `mongo_url`: a replica set without our database."""
    return "\n".join(
        [ABOUT, *await postgres_part(urls), *await transcripts_part(mongo_url), *await mongo_part(mongo_url), ELSEWHERE]
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.schema", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the page would change")
    check = parser.parse_args().check
    from stack.testing import TestStores

    stores = TestStores()
    try:
        made = asyncio.run(document(stores.postgres_urls(*SERVICES), stores.mongo_url()))
    finally:
        stores.close()
    if not check:
        PAGE.write_text(made)
    elif not PAGE.is_file() or PAGE.read_text() != made:
        sys.exit("docs/database-schema.md differs from the migrations: run `make schema` and commit the result.")


if __name__ == "__main__":
    main()
