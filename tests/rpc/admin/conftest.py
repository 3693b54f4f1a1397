from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from stack.testing import TestStores
from tests.rpc.admin.desk import Admin, Shop, new_keys, running, settings_for


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def admin(stores: TestStores, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Admin]:
    """One admin for all tests; each makes its own organization."""
    keys = new_keys(tmp_path_factory.mktemp("keys"))
    async with running(settings_for(stores, keys), keys) as admin:
        yield admin


@pytest_asyncio.fixture(loop_scope="session")
async def shop(admin: Admin) -> Shop:
    return await admin.shop()
