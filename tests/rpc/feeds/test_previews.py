"""An administrator tries a draft of the assistant's settings: the answer is the draft's, and nothing else changes."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from frontdesk.admin import v1 as admin_pb
from frontdesk.core import v1 as core_pb

from kit import client, errors, postgres
from tests.rpc.admin.desk import Shop
from tests.rpc.feeds.conftest import Pair
from tests.rpc.feeds.test_feeds import Model, reason, within

pytestmark = pytest.mark.servers
QUESTION = "How long can I return a parcel?"


async def draft(pair: Pair, shop: Shop, value: dict[str, Any], setting: str = "assistant") -> str:
    """Saves a draft as the owner; its version."""
    update = admin_pb.UpdateSettingRequest(setting={"name": f"{shop.name}/settings/{setting}", "draft": {setting: value}})
    saved = await pair.admin.call(pair.admin.settings_service.UpdateSetting, update, shop.token("owner"))
    return str(saved.draft_version)


async def preview(pair: Pair, shop: Shop, *versions: str, **more: Any) -> list[core_pb.PreviewReplyResponse]:
    """The frames of a preview."""
    token = more.pop("token", pair.keys.user_token(shop.id, ["core.replies.preview"]))
    request = core_pb.PreviewReplyRequest(parent=shop.name, setting_versions=versions, **{"text": QUESTION, **more})
    stub = core_pb.ReplyServiceStub(pair.core)
    return [frame async for frame in client.stream(stub.PreviewReply, request, token=token, timeout=20)]


async def own_model(pair: Pair, shop: Shop, port: int) -> list[dict[str, Any]]:
    """A credential for a model of the organization's own, once core has its secret; the value of `models`."""
    credential: dict[str, Any] = {"display_name": "M", "user": "CREDENTIAL_USER_CORE", "api_key": {"key": "sk"}}
    credential["base_url"] = f"http://127.0.0.1:{port}/v1"
    create = admin_pb.CreateCredentialRequest(parent=shop.name, credential_id="own", credential=credential)
    await pair.admin.call(pair.admin.credentials.CreateCredential, create, shop.token("owner"))
    models = [{"model": "gpt-4o-mini", "credential": f"{shop.name}/credentials/own", "temperature": 0.3}]
    version = await draft(pair, shop, {"models": models})

    async def is_there() -> bool:
        return await reason(preview(pair, shop, version)) != "ASSISTANT_FAILED"

    await within(5, is_there)
    return models


async def rows(pair: Pair, shop: Shop) -> dict[str, int]:
    """How many rows of the organization core's tables have, those that have some."""
    async with postgres.open_pool(pair.settings["core"].postgres_url, size=1) as pool:
        tables = await pool.fetch("""
            select table_name as name from information_schema.columns
            where table_schema = current_schema() and column_name = 'organization'
        """)
        count = "select count(*) from {} where organization = $1"
        counts = {table["name"]: await pool.fetchval(count.format(table["name"]), shop.id) for table in tables}
    return {name: count for name, count in counts.items() if count}


async def test_a_draft_answers_and_changes_nothing(pair: Pair, served: tuple[int, Model]) -> None:
    port, model = served
    shop = await pair.admin.shop()
    models = await own_model(pair, shop, port)
    await pair.publish(shop, "assistant", {"display_name": "Robin", "models": models})
    version = await draft(pair, shop, {"display_name": "Vera", "tone": "Formal.", "models": models})
    model.asked.clear()
    *pieces, last = await preview(pair, shop, version)
    assert "".join(frame.text for frame in pieces) == "Thirty days."
    assert not any(frame.duration.ToTimedelta() for frame in pieces)
    assert [cited.source.title for cited in last.citations] == ["Returns"]
    assert (last.kind, last.hands_over, last.assistant) == (core_pb.MESSAGE_KIND_ANSWER, False, "gpt-4o-mini")
    assert (last.tokens.input_tokens, last.tokens.output_tokens) == (100, 20)
    assert (last.cost.units, last.cost.nanos) == (0, 27_000), "100 * 0.15 + 20 * 0.60 millionths of a dollar"
    assert last.duration.ToTimedelta() >= last.first_text_duration.ToTimedelta() > last.first_text_duration.ToTimedelta() * 0
    [(body, _)] = model.asked
    assert "Your name is Vera." in body["messages"][0]["content"]
    assert "Your tone: Formal." in body["messages"][0]["content"]
    assert body["temperature"] == 0.3
    [asked] = body["messages"][1:]
    assert (asked["role"], asked["content"].rpartition("\n\n")[2]) == ("user", QUESTION)

    async def as_published() -> bool:
        await preview(pair, shop)
        return "Your name is Robin." in model.asked[-1][0]["messages"][0]["content"]

    await within(5, as_published)
    copies = {"organization_zone", "secret"}
    assert set(await rows(pair, shop)) - copies == {"spending"}, "only its cost is written"
    conversation = await pair.open(shop)
    await pair.say(conversation, QUESTION, "m1", shop)

    async def is_answered() -> bool:
        return len(await pair.messages(conversation, shop)) == 2

    await within(10, is_answered)
    assert {"conversation", "message", "turn", "turn_step", "event"} <= set(await rows(pair, shop)), "what a real reply writes"


async def test_a_preview_shows_what_was_found_and_what_the_model_received(pair: Pair, served: tuple[int, Model]) -> None:
    port, model = served
    shop = await pair.admin.shop()
    models = await own_model(pair, shop, port)
    version = await draft(pair, shop, {"display_name": "Vera", "models": models, "thresholds": {"max_passages": 1}})
    model.asked.clear()
    lookup, call = [frame.step for frame in await preview(pair, shop, version) if frame.HasField("step")]
    assert [(hit.name, hit.outcome) for hit in lookup.step.recall.passages] == [
        (passage.name, passage.outcome) for passage in lookup.passages
    ]
    [found] = lookup.passages
    assert (found.document_title, found.text) == ("Returns", "You can return a parcel within 30 days.")
    assert (round(found.score, 3), round(found.dense_score, 3), round(found.lexical_score, 3)) == (0.8, 0.8, 0.8)
    assert found.outcome == core_pb.RECALL_OUTCOME_USED
    [(body, _)] = model.asked
    sent = [(message["role"], message["content"]) for message in body["messages"]]
    roles = {core_pb.PROMPT_ROLE_SYSTEM: "system", core_pb.PROMPT_ROLE_CUSTOMER: "user"}
    assert [(roles[message.role], message.text) for message in call.prompt] == sent
    assert (call.step.model_call.model, call.step.model_call.credential) == ("gpt-4o-mini", models[0]["credential"])
    assert (call.step.name, call.step.model_call.message) == ("", ""), "nothing is stored, so nothing has a name"
    strict = {"thresholds": {"min_dense_score": 0.9, "min_lexical_score": 0.9}}
    [lookup] = [f.step for f in await preview(pair, shop, await draft(pair, shop, strict)) if f.HasField("step")]
    assert [passage.outcome for passage in lookup.passages] == [core_pb.RECALL_OUTCOME_BELOW_THRESHOLD] * 2


async def test_a_draft_that_is_off_hands_over_without_asking_a_model(pair: Pair, served: tuple[int, Model]) -> None:
    shop = await pair.admin.shop()
    [frame] = await preview(pair, shop, await draft(pair, shop, {"disabled": True}))
    assert (frame.hands_over, frame.text, frame.kind) == (True, "", core_pb.MESSAGE_KIND_UNSPECIFIED)
    strict = {"thresholds": {"min_dense_score": 1, "min_lexical_score": 1}, "handover": {"unknown_answers": 1}}
    last = (await preview(pair, shop, await draft(pair, shop, strict)))[-1]
    assert (last.hands_over, last.kind) == (True, core_pb.MESSAGE_KIND_UNKNOWN), "no passage is good enough for this draft"
    last = (await preview(pair, shop))[-1]
    assert (last.hands_over, last.kind) == (False, core_pb.MESSAGE_KIND_ANSWER)


async def test_a_preview_is_for_those_who_may_and_for_versions_of_their_own(pair: Pair) -> None:
    shop, other = await pair.admin.shop(), await pair.admin.shop()
    theirs = await draft(pair, other, {"tone": "Secret."})
    limits = await draft(pair, shop, {"concurrent_turns": 1}, "limits")
    agent = pair.keys.user_token(shop.id, ["core.replies.suggest"])
    assert await reason(preview(pair, shop, token=agent)) == "PERMISSION_MISSING"
    assert await reason(preview(pair, shop, theirs)) == "ORGANIZATION_MISMATCH"
    stranger = pair.keys.user_token(other.id, ["core.replies.preview"])
    assert await reason(preview(pair, shop, token=stranger)) == "ORGANIZATION_MISMATCH"
    for version in ("7", "none", "0"):
        name = f"{shop.name}/settings/assistant/versions/{version}"
        assert await reason(preview(pair, shop, name)) == "SETTING_VERSION_NOT_FOUND"
    for wrong in ([limits], [f"{shop.name}/settings/assistant/versions/{n}" for n in (1, 2)]):
        assert await reason(preview(pair, shop, *wrong)) == "INVALID_REQUEST"
    with pytest.raises(errors.Unimplemented):
        await preview(pair, shop, workflow_versions=[f"{shop.name}/workflows/w/versions/1"])
    customer = pair.keys.customer_token(shop.id, "c1", ["core.messages.read"])
    assert await reason(preview(pair, shop, token=customer)) == "PERMISSION_MISSING"


async def test_without_admin_what_is_published_can_be_tried_and_a_draft_is_unavailable(pair: Pair) -> None:
    shop = await pair.admin.shop()
    version = await draft(pair, shop, {"tone": "Formal."})
    await pair.stop("admin")
    with pytest.raises(errors.Unavailable):
        await preview(pair, shop, version)
    assert (await preview(pair, shop))[-1].kind == core_pb.MESSAGE_KIND_ANSWER


async def test_previews_take_places_of_turns_and_give_them_back(pair: Pair, served: tuple[int, Model]) -> None:
    port, model = served
    shop = await pair.admin.shop()
    models = await own_model(pair, shop, port)
    await pair.publish(shop, "limits", {"concurrent_turns": 1})
    version = await draft(pair, shop, {"models": models})
    model.holds.clear()
    asked = len(model.asked)
    running = asyncio.create_task(preview(pair, shop, version))

    async def holds_its_place() -> bool:
        return len(model.asked) > asked

    await within(5, holds_its_place)

    async def refused() -> bool:
        return await reason(preview(pair, shop)) == "TOO_MANY_TURNS"

    await within(5, refused)
    running.cancel()

    async def answered() -> bool:
        return await reason(preview(pair, shop)) == ""

    await within(5, answered)


async def test_a_prompt_is_rebuilt_by_the_settings_that_it_was_made_with(pair: Pair, served: tuple[int, Model]) -> None:
    port, model = served
    shop = await pair.admin.shop()
    models = await own_model(pair, shop, port)
    published = await pair.publish(shop, "assistant", {"display_name": "Robin", "models": models})

    async def is_robin() -> bool:
        await preview(pair, shop)
        return "Your name is Robin." in model.asked[-1][0]["messages"][0]["content"]

    await within(10, is_robin)
    conversation = await pair.open(shop)
    said = await pair.say(conversation, QUESTION, "m1", shop)

    async def is_answered() -> bool:
        return len(await pair.messages(conversation, shop)) == 2

    await within(10, is_answered)
    sent = model.asked[-1][0]
    await pair.publish(shop, "assistant", {"display_name": "Vera", "models": models})
    token = pair.keys.user_token(shop.id, ["core.turns.read", "core.prompts.read"])
    turns = core_pb.TurnServiceStub(pair.core)
    listed = await client.call(turns.ListTurnSteps, core_pb.ListTurnStepsRequest(parent=said.turn), token=token)
    call = listed.steps[1]
    assert list(call.model_call.prompt.setting_versions) == [published.published_version]
    assert call.model_call.credential == models[0]["credential"]
    prompt = await client.call(turns.GetPrompt, core_pb.GetPromptRequest(name=f"{call.name}/prompt"), token=token)
    assert prompt.exact
    assert json.loads(prompt.request) == sent
    assert "Your name is Robin." in prompt.messages[0].text
