"""Settings on a real admin: drafts, versions, what is published, and what is refused."""

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from frontdesk.admin import v1 as pb
from frontdesk.admin.internal import v1 as internal

from kit import client, errors
from kit.journal import Journal, shard_of
from services.admin import convert
from services.admin.adapters.postgres import Database, PostgresSettings
from tests.rpc.admin.desk import Admin, Shop
from tests.rpc.lists import in_pages

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]


class Settings:
    """One setting of a shop, as its owner uses it."""

    def __init__(self, shop: Shop, id: str = "assistant", token: str = "") -> None:
        self.shop, self.id, self.name = shop, id, f"{shop.name}/settings/{id}"
        self.token = token or shop.token("owner")

    async def call(self, rpc: str, request: Any) -> Any:
        return await self.shop.admin.call(getattr(self.shop.admin.settings_service, rpc), request, self.token)

    async def get(self) -> Any:
        return await self.call("GetSetting", pb.GetSettingRequest(name=self.name))

    async def draft(self, value: dict[str, Any], *paths: str, etag: str = "") -> Any:
        field = self.id.replace("-", "_")
        request = pb.UpdateSettingRequest(setting={"name": self.name, "draft": {field: value}, "etag": etag})
        request.update_mask.paths.extend(f"draft.{field}.{path}" for path in paths)
        return await self.call("UpdateSetting", request)

    async def publish(self, comment: str = "", etag: str = "") -> Any:
        return await self.call("PublishSetting", pb.PublishSettingRequest(name=self.name, comment=comment, etag=etag))

    async def rollback(self, version: int = 0, etag: str = "") -> Any:
        name = f"{self.name}/versions/{version}" if version else ""
        return await self.call("RollbackSetting", pb.RollbackSettingRequest(name=self.name, version=name, etag=etag))

    async def diff(self, before: int = 0, after: int = 0) -> list[tuple[str, Any, Any]]:
        names = [f"{self.name}/versions/{number}" if number else "" for number in (before, after)]
        request = pb.DiffSettingRequest(name=self.name, before=names[0], after=names[1])
        changes = (await self.call("DiffSetting", request)).changes
        return [(change.path, _plain(change.before), _plain(change.after)) for change in changes]

    async def versions(self, **more: Any) -> list[pb.SettingVersion]:
        request = pb.ListSettingVersionsRequest(parent=self.name, **more)
        return list((await self.call("ListSettingVersions", request)).versions)


def _plain(value: Any) -> Any:
    kind = value.WhichOneof("kind")
    return getattr(value, kind) if kind else None


async def facts(shop: Shop, *kinds: str) -> list[internal.Event]:
    """The journal's facts about an organization."""
    request = internal.WatchEventsRequest(shards=[shard_of(shop.id)], filters=[{"kinds": kinds}], until_now=True)
    token = shop.admin.keys.service_token("core")
    stream = client.stream(shop.admin.events.WatchEvents, request, token=token, timeout=10)
    return [told.event async for told in stream if told.event.envelope.organization == shop.id]


async def test_what_was_never_saved_has_the_defaults(shop: Shop) -> None:
    setting = await Settings(shop).get()
    assert setting.published == pb.SettingValue(assistant={})
    assert (setting.published_version, setting.draft_version, setting.etag) == ("", "", "0")
    assert not setting.HasField("draft")


async def test_all_settings_are_listed_by_name(shop: Shop) -> None:
    admin, token = shop.admin, shop.token("owner")
    found = await in_pages(
        lambda request: admin.call(admin.settings_service.ListSettings, request, token),
        pb.ListSettingsRequest(parent=shop.name),
    )
    ids = [setting.name.rpartition("/")[2] for setting in found]
    assert ids == ["assistant", "budget", "business-hours", "limits", "mail", "retention", "sign-in"]


async def test_a_draft_changes_nothing_until_it_is_published(shop: Shop) -> None:
    settings = Settings(shop)
    saved = await settings.draft({"display_name": "Robin", "max_words": 50})
    assert saved.draft.assistant.display_name == "Robin"
    assert saved.draft_version == f"{settings.name}/versions/1"
    assert saved.published.assistant.display_name == ""
    published = await settings.publish("A name")
    assert published.published.assistant.display_name == "Robin"
    assert published.published_version == f"{settings.name}/versions/1"
    assert published.HasField("publish_time")
    assert not published.HasField("draft")
    drafted, told = await facts(shop, "SettingDrafted", "SettingPublished")
    assert drafted.envelope.subject == f"{settings.name}/versions/1"
    assert (told.envelope.subject, told.envelope.actor.id) == (settings.name, "owner")
    assert told.setting_published == internal.SettingPublished(
        version=f"{settings.name}/versions/1",
        value={"assistant": {"display_name": "Robin", "max_words": 50}},
    )


async def test_a_mask_changes_the_named_fields_of_what_the_draft_begins_as(shop: Shop) -> None:
    settings = Settings(shop)
    await settings.draft({"display_name": "Robin", "max_words": 50})
    await settings.publish()
    saved = await settings.draft({"max_words": 60, "tone": "dry"}, "max_words")
    assert saved.draft.assistant == pb.AssistantSettings(display_name="Robin", max_words=60)
    assert await settings.diff() == [("assistant.maxWords", 50, 60)]
    again = await settings.draft({"max_words": 60}, "max_words")
    assert again == saved, "nothing differs, so there is no new version"
    with pytest.raises(errors.InvalidArgument) as unknown:
        await settings.draft({}, "colour")
    assert unknown.value.reason == "UNKNOWN_FIELD"


async def test_the_second_of_two_admins_who_edit_one_setting_gets_an_error(shop: Shop) -> None:
    await shop.add("second", "admin")
    first, second = Settings(shop), Settings(shop, token=shop.token("admin", user="second"))
    seen = (await first.get()).etag
    assert (await second.get()).etag == seen
    saved = await first.draft({"tone": "friendly"}, etag=seen)
    with pytest.raises(errors.Aborted) as refused:
        await second.draft({"tone": "formal"}, etag=seen)
    assert (refused.value.reason, refused.value.metadata["etag"]) == ("ETAG_MISMATCH", saved.etag)
    assert (await first.get()).draft.assistant.tone == "friendly"
    for stale in (second.publish(etag=seen), second.rollback(etag=seen)):
        with pytest.raises(errors.Aborted):
            await stale


@pytest.mark.parametrize(
    ("setting", "value", "field"),
    [
        ("assistant", {"max_words": 5000}, "setting.draft.assistant.maxWords"),
        ("assistant", {"models": [{"model": "m", "temperature": 3}]}, "setting.draft.assistant.models[0].temperature"),
        ("assistant", {"thresholds": {"enough_score": 1.5}}, "setting.draft.assistant.thresholds.enoughScore"),
        ("assistant", {"thresholds": {"weak_score": -0.1}}, "setting.draft.assistant.thresholds.weakScore"),
        ("assistant", {"thresholds": {"enough_score": 0.3, "weak_score": 0.4}}, "setting.draft.assistant.thresholds"),
        ("limits", {"concurrent_turns": -1}, "setting.draft.limits.concurrentTurns"),
        ("limits", {"context_tokens": 499}, "setting.draft.limits.contextTokens"),
        ("limits", {"context_tokens": 1_000_001}, "setting.draft.limits.contextTokens"),
        ("retention", {"conversations": {"seconds": 5}}, "setting.draft.retention.conversations"),
    ],
)
async def test_an_invalid_value_names_its_field_as_json_does(shop: Shop, setting: str, value: Any, field: str) -> None:
    with pytest.raises(errors.InvalidArgument) as refused:
        await Settings(shop, setting).draft(value)
    assert refused.value.reason == "INVALID_REQUEST"
    assert str(refused.value).startswith(f"{field} ")


async def test_what_no_service_follows_yet_is_refused(shop: Shop) -> None:
    with pytest.raises(errors.Unimplemented) as refused:
        await Settings(shop).draft({"handover": {"on_anger": True}})
    assert refused.value.metadata["field"] == "assistant.handover.onAnger"


async def test_a_value_of_another_setting_or_an_unknown_setting_is_refused(shop: Shop) -> None:
    request = pb.UpdateSettingRequest(setting={"name": f"{shop.name}/settings/limits", "draft": {"assistant": {}}})
    with pytest.raises(errors.InvalidArgument) as wrong:
        await Settings(shop).call("UpdateSetting", request)
    assert wrong.value.reason == "WRONG_SETTING"
    with pytest.raises(errors.NotFound) as unknown:
        await Settings(shop, "colours").get()
    assert unknown.value.reason == "SETTING_NOT_FOUND"


async def test_a_model_names_a_credential_of_the_organization_s_own(shop: Shop) -> None:
    for credential in (f"{shop.name}/credentials/openai",):
        with pytest.raises(errors.NotFound) as refused:
            await Settings(shop).draft({"models": [{"model": "m", "credential": credential}]})
        assert refused.value.reason == "CREDENTIAL_NOT_FOUND"


async def test_a_rollback_publishes_an_earlier_version_or_the_defaults(shop: Shop) -> None:
    settings = Settings(shop)
    for tone in ("one", "two", "three"):
        await settings.draft({"tone": tone})
        if tone != "three":
            await settings.publish(tone)
    back = await settings.rollback(1)
    assert back.published.assistant.tone == "one"
    assert back.draft.assistant.tone == "three", "the draft stays"
    assert await settings.diff(2, 1) == [("assistant.tone", "two", "one")]
    defaults = await settings.rollback()
    assert (defaults.published, defaults.published_version) == (pb.SettingValue(assistant={}), "")
    for version in (3, 9):
        with pytest.raises(errors.NotFound) as refused:
            await settings.rollback(version)
        assert refused.value.reason == "SETTING_VERSION_NOT_FOUND"
    told = [event.setting_published for event in await facts(shop, "SettingPublished")]
    assert [fact.value.assistant.tone for fact in told] == ["one", "two", "one", ""]
    assert told[-1].previous_version == f"{settings.name}/versions/1"


async def test_versions_are_kept_with_their_authors(shop: Shop) -> None:
    settings = Settings(shop)
    await settings.draft({"tone": "one"})
    await settings.publish("First")
    await settings.draft({"tone": "two"})
    admin, versions = shop.admin, pb.ListSettingVersionsRequest(parent=settings.name)
    newest, oldest = await in_pages(
        lambda request: admin.call(admin.settings_service.ListSettingVersions, request, settings.token), versions
    )
    assert (oldest.comment, oldest.author, newest.comment) == ("First", shop.user("owner"), "")
    assert [version.name for version in await settings.versions(published_only=True)] == [oldest.name]
    assert await settings.call("GetSettingVersion", pb.GetSettingVersionRequest(name=newest.name)) == newest


async def test_a_dropped_draft_is_gone(shop: Shop) -> None:
    settings = Settings(shop)
    await settings.draft({"tone": "one"})
    for _ in range(2):
        setting = await settings.call("DiscardSettingDraft", pb.DiscardSettingDraftRequest(name=settings.name))
        assert not setting.HasField("draft")
    assert (await settings.publish()).published_version == ""


async def test_another_organization_s_settings_are_out_of_reach(admin: Admin, shop: Shop) -> None:
    other = await admin.shop()
    with pytest.raises(errors.PermissionDenied) as refused:
        await Settings(shop, token=other.token("owner")).get()
    assert refused.value.reason == "ORGANIZATION_MISMATCH"


async def test_old_versions_make_room(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.admin.adapters.postgres.settings.MAX_VERSIONS", 3)
    settings = Settings(shop)
    await settings.draft({"tone": "published"})
    await settings.publish()
    for number in range(5):
        await settings.draft({"tone": f"draft {number}"})
    kept = [int(version.name.rpartition("/")[2]) for version in await settings.versions()]
    assert kept == [6, 5, 4, 1], "what is published stays"


async def test_replaced_drafts_are_kept_for_a_month(shop: Shop) -> None:
    settings = Settings(shop)
    for tone in ("one", "two"):
        await settings.draft({"tone": tone})
    pool = await asyncpg.create_pool(shop.admin.settings.postgres_url.get_secret_value(), min_size=1, max_size=1)
    try:
        kept = PostgresSettings(Database(pool, Journal(pool, "admin", convert.fact_to_pb)))
        await kept.tidy(datetime.now(UTC) + timedelta(days=29))
        assert len(await settings.versions()) == 2
        await kept.tidy(datetime.now(UTC) + timedelta(days=31))
    finally:
        await pool.close()
    assert [version.value.assistant.tone for version in await settings.versions()] == ["two"]
