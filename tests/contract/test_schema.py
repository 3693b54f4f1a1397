"""docs/database-schema.md is what the migrations make of a real PostgreSQL, and memory of a real MongoDB."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools import schema

if TYPE_CHECKING:
    from stack.testing import TestStores


async def test_the_page_is_what_the_stores_hold(stores: TestStores) -> None:
    made = await schema.document(stores.postgres_urls(*schema.SERVICES), stores.mongo_url())
    assert schema.PAGE.read_text() == made, "run `make schema` and commit the result"
