"""Rules of settings, roles and credentials that need no store."""

from datetime import UTC, datetime
from typing import Any

import pytest

from kit.errors import EtagMismatch, ResourceExhausted
from kit.ids import OrganizationId
from services.admin.domain import credentials, errors, own_roles, settings
from services.admin.domain.credentials import Draft, Kind
from services.admin.domain.roles import Actor
from services.admin.domain.settings import Setting

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ACME = OrganizationId("acme")
OWNER = Actor("users", "owner", frozenset({"*"}))


def save(setting: Setting, **values: Any) -> Setting:
    return settings.save(setting, lambda begins: {"assistant": values}, "", (), OWNER, NOW).setting


def test_a_draft_that_changes_nothing_makes_no_version() -> None:
    first = save(Setting(ACME, "assistant"), tone="dry")
    assert save(first, tone="dry") is first
    assert save(first, tone="warm").last == 2


def test_an_etag_of_before_is_refused() -> None:
    first = save(Setting(ACME, "assistant"), tone="dry")
    with pytest.raises(EtagMismatch):
        settings.publish(first, "", "0", (), OWNER, NOW)
    assert (
        settings.publish(first, "", "1", (), OWNER, NOW).setting.published
        == settings.publish(first, "", "", (), OWNER, NOW).saved
    )


def test_a_difference_names_each_field_by_its_path() -> None:
    before = {"assistant": {"tone": "dry", "models": [{"model": "a"}]}}
    after = {"assistant": {"models": [{"model": "b"}], "thresholds": {"maxPassages": 3}}}
    assert settings.diff(before, after) == [
        ("assistant.models[0].model", "a", "b"),
        ("assistant.thresholds.maxPassages", None, 3),
        ("assistant.tone", "dry", None),
    ]


@pytest.mark.parametrize(
    "value",
    [
        {"assistant": {"handover": {"onAnger": True}}},
        {"signIn": {"idleTimeout": "3600s"}},
    ],
)
def test_what_no_one_follows_is_refused(value: dict[str, object]) -> None:
    with pytest.raises(errors.SettingNotUsed):
        settings.check(value, ACME, ())


def test_roles_and_credentials_are_bounded() -> None:
    draft = Draft("A key", "CORE", "https://example.com", Kind.API_KEY, {}, None, "secret")
    with pytest.raises(ResourceExhausted):
        credentials.create(ACME, "k", draft, credentials.MAX_CREDENTIALS, OWNER, NOW)
    with pytest.raises(ResourceExhausted):
        own_roles.create("r", "R", "", frozenset(), own_roles.MAX_ROLES, OWNER, NOW)
