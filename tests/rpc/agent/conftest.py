"""An office for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.rpc.agent.office import Office, open_office

if TYPE_CHECKING:
    from stack.testing import TestStores


@pytest.fixture
async def office(stores: TestStores, tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(stores, tmp_path) as running:
        yield running
