"""When a model is left alone: after failures, and until the moment that it named."""

from __future__ import annotations

import pytest

from services.core.adapters.breakers import BREAKER_FAILURES, MAX_BREAKERS, MAX_PAUSE_SECONDS, Breaker, Breakers
from services.core.ports.assistant import AssistantFailed
from tests.unit.core.test_openai import Clock, refuses


def test_a_model_is_left_alone_until_it_may_be_asked_again() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    breaker.failed(3.0)
    with pytest.raises(AssistantFailed) as error:
        breaker.check()
    assert error.value.retry_after == pytest.approx(3.0)
    assert error.value.refused
    assert not breaker.is_open, "one refusal is no outage"
    clock.now += 3
    assert [refuses(breaker), refuses(breaker)] == [False, False]


def test_no_model_is_left_alone_for_days() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    breaker.failed(1e9)
    clock.now += MAX_PAUSE_SECONDS
    assert not refuses(breaker)


def test_models_have_breakers_by_endpoint_key_and_name() -> None:
    breakers = Breakers()
    one = breakers.of("https://a/v1", "k", "m")
    assert breakers.of("https://a/v1", "k", "m") is one
    others = [("https://b/v1", "k", "m"), ("https://a/v1", "k2", "m"), ("https://a/v1", "k", "m2")]
    assert one not in [breakers.of(*other) for other in others]
    for _ in range(BREAKER_FAILURES):
        one.failed()
    assert [breakers.of(*key).is_open for key in (("https://a/v1", "k", "m"), *others)] == [True, False, False, False]
    for number in range(MAX_BREAKERS):
        breakers.of("", "", str(number))
    assert breakers.of("https://a/v1", "k", "m") is not one, "those used last are kept"
