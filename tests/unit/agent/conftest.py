"""Fixtures: a world without the world, and two agents."""

from __future__ import annotations

import pytest

from services.agent.domain.agent import Me
from services.agent.domain.ids import AgentId
from tests.unit.agent.world import ORGANIZATION, World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def first() -> Me:
    return Me(ORGANIZATION, AgentId("a1"), "First Agent")


@pytest.fixture
def second() -> Me:
    return Me(ORGANIZATION, AgentId("a2"), "Second Agent")
