"""Features that work for people while parts do not."""

from __future__ import annotations

import json

import pytest

from stack.health import AREAS, DEGRADED, DOWN, OK, judge
from stack.settings import Settings
from stack.status_page import page
from stack.supervisor import Supervisor


def test_everything_works_while_nothing_is_broken() -> None:
    health = judge([])
    assert (health.status, set(health.areas.values())) == (OK, {OK})
    assert len(health.areas) == len(AREAS)


@pytest.mark.parametrize("part", ["mongo", "memory", "embeddings", "model"])
def test_without_a_part_of_the_answers_messages_are_accepted_and_not_answered(part: str) -> None:
    health = judge([part])
    assert health.status == DEGRADED
    assert health.areas["Assistant's answers"] == DOWN
    assert health.areas["Messages"] == OK


@pytest.mark.parametrize("part", ["postgres", "core", "channel", "gateway"])
def test_without_what_accepts_messages_it_is_down(part: str) -> None:
    assert judge([part]).status == DOWN


@pytest.mark.parametrize("part", ["redis", "followers", "disk"])
def test_what_only_slows_things_degrades_them(part: str) -> None:
    health = judge([part])
    assert health.status == DEGRADED
    assert DOWN not in health.areas.values()


def test_one_of_two_replicas_degrades_and_both_are_an_outage() -> None:
    settings = Settings.load({"FRONTDESK_CORE_REPLICAS": "2"})
    supervisor = Supervisor(settings, lambda *_: None, lambda *_: None)
    assert supervisor.judge({"core-2"}).status == DEGRADED
    assert supervisor.judge({"core", "core-2"}).status == DOWN
    assert supervisor.judge({"embedder"}).areas["Assistant's answers"] == DOWN


def test_the_public_page_names_what_people_do_and_no_part_of_the_system() -> None:
    code, headers, body = page(judge(["mongo"]), "application/json")
    assert code == 503
    assert headers["cache-control"] == "no-store"
    assert json.loads(body)["status"] == DEGRADED
    assert json.loads(body)["areas"]["Assistant's answers"] == DOWN
    code, headers, body = page(judge(["mongo"]), "text/html,*/*")
    assert headers["content-type"].startswith("text/html")
    assert b"Some things don't work" in body
    assert b"mongo" not in body.lower()
    assert page(judge([]), "")[0] == 200
    assert page(None, "text/html")[0] == 503
