from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from tests.rpc.memory.library import Library, LocalModel, Shelf, new_keys, running, settings_for

if TYPE_CHECKING:
    from stack.testing import TestStores


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def local_model() -> AsyncIterator[LocalModel]:
    """The real model, for all tests that leave it alone."""
    model = LocalModel()
    await model.start()
    yield model
    await model.stop()


@pytest_asyncio.fixture(loop_scope="session", scope="package")
async def library(
    stores: TestStores, local_model: LocalModel, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Library]:
    """One memory service for all tests of this folder; each makes its own organization."""
    keys = new_keys(tmp_path_factory.mktemp("keys"))
    settings = settings_for(stores, keys, local_model.url, fetch_allow="127.0.0.0/8", crawl_pause_seconds=0.05)
    async with running(settings, keys) as library:
        yield library


@pytest_asyncio.fixture(loop_scope="session")
async def shelf(library: Library) -> Shelf:
    return library.shelf()
