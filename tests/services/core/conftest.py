"""Fixtures: core's use cases on a PostgreSQL that lives by a loop whose clock jumps."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from tests.services.core.world import Core
from tests.support.jumping import StepStore

if TYPE_CHECKING:
    from stack.testing import TestStores

Play = Callable[[Core], Coroutine[Any, Any, None]]
Plays = Callable[[Play], None]


@pytest.fixture(scope="session")
def stepped(stores: TestStores) -> Iterator[StepStore]:
    stepped = StepStore(SecretStr(stores.postgres_url("core")), "core")
    yield stepped
    stepped.close()


@pytest.fixture
def core(stepped: StepStore) -> Plays:
    """Runs a play with a core on empty tables."""
    return lambda play: stepped.play(lambda: play(Core(stepped)))
