from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest_asyncio
from pydantic import SecretStr

from kit import migrations, postgres
from stack.testing import TestStores
from tests.services.admin.desk import Desk, new_desk
from tests.support.tables import empty


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def pool(stores: TestStores) -> AsyncIterator[Any]:
    async with postgres.open_pool(SecretStr(stores.postgres_url("admin"))) as pool:
        await migrations.apply(pool, "admin")
        yield pool


@pytest_asyncio.fixture(loop_scope="session")
async def desk(pool: Any, tmp_path: Path) -> Desk:
    await empty(pool)
    return new_desk(pool, tmp_path)
