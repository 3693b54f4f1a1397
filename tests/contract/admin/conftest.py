from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from stack.testing import TestStores
from tests.contract.admin.stores import Stores, in_postgres, open_pool


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def pool(stores: TestStores) -> AsyncIterator[Any]:
    async with open_pool(stores.postgres_url("admin")) as pool:
        yield pool


@pytest.fixture
def kept(pool: Any) -> Stores:
    """The stores under test; each test makes its own organization."""
    return in_postgres(pool)
