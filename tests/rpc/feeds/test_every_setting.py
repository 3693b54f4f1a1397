"""Each field that can be saved changes what core does, in a process that runs, within a second of its publication."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from frontdesk.admin import v1 as admin_pb
from frontdesk.channel import v1 as channel_pb
from frontdesk.core import v1 as core_pb

from kit import client, ids
from tests.rpc.admin.desk import Shop
from tests.rpc.feeds.conftest import Pair
from tests.rpc.feeds.test_feeds import Model, reason, within
from tests.rpc.feeds.test_previews import own_model, preview

pytestmark = pytest.mark.servers
PROMISE_SECONDS = 1.0


class Chat:
    """A customer who asks again and again, in a conversation of which a human may have taken hold."""

    def __init__(self, pair: Pair, shop: Shop, model: Model) -> None:
        self.pair, self.shop, self.model, self.count = pair, shop, model, 0

    async def begin(self) -> None:
        self.conversation = await self.pair.open(self.shop)

    async def ask(self) -> None:
        self.count += 1
        await self.pair.say(self.conversation, "How long can I return a parcel?", f"m{self.count}", self.shop)

    async def asks_until(self, text: str) -> dict[str, Any]:
        """Asks until the model gets a request; returns that request."""
        began = time.monotonic()

        async def told() -> bool:
            await self.ask()
            return any(text in str(body["messages"]) for body, _ in self.model.asked)

        await within(5, told)
        assert time.monotonic() - began < PROMISE_SECONDS
        return next(body for body, _ in self.model.asked if text in str(body["messages"]))

    async def is_told_that_nothing_is_known(self) -> bool:
        """Asks; whether the last message says so, and no model wrote it."""
        asked = len(self.model.asked)
        await self.ask()
        last = (await self.pair.messages(self.conversation, self.shop))[-1]
        return last.kind == core_pb.MESSAGE_KIND_UNKNOWN and len(self.model.asked) == asked

    async def is_answered(self) -> bool:
        """Whether the last message is an answer."""
        last = (await self.pair.messages(self.conversation, self.shop))[-1]
        return last.kind == core_pb.MESSAGE_KIND_ANSWER and bool(last.turn)

    def has_asked(self, model: str) -> Callable[[], Awaitable[bool]]:
        """Whether a model was asked."""

        async def found() -> bool:
            return any(body["model"] == model for body, _ in self.model.asked)

        return found

    async def state(self) -> core_pb.Conversation:
        token = self.pair.keys.user_token(self.shop.id, ["core.conversations.read"])
        request = core_pb.GetConversationRequest(name=self.conversation.name)
        found: core_pb.Conversation = await client.call(
            core_pb.ConversationServiceStub(self.pair.core).GetConversation, request, token=token
        )
        return found

    async def waits(self) -> bool:
        """Whether the conversation waits for an agent."""
        return (await self.state()).state == core_pb.CONVERSATION_STATE_WAITING


async def test_every_field_of_the_assistant_takes_effect(pair: Pair, served: tuple[int, Model]) -> None:
    port, model = served
    shop = await pair.admin.shop()
    [choice] = await own_model(pair, shop, port)
    models = [choice | {"temperature": 0.4, "max_output_tokens": 77}]
    style = {"display_name": "Robin", "tone": "Dry.", "instructions": "Mention the sale.", "languages": ["de", "en"]}
    chat = Chat(pair, shop, model)
    await chat.begin()
    await pair.publish(shop, "assistant", style | {"max_words": 33, "models": models})
    body = await chat.asks_until("Robin")
    system = body["messages"][0]["content"]
    for line in ("Your name is Robin.", "Your tone: Dry.", "Mention the sale.", "Answer in de or en", "at most 33 words"):
        assert line in system
    assert (body["model"], body["temperature"], body["max_completion_tokens"]) == ("gpt-4o-mini", 0.4, 77)
    assert "[2] Returns" in body["messages"][-1]["content"]
    never = {"handover": {"unknown_answers": 0}}
    strict = {"min_dense_score": 1, "min_lexical_score": 1}
    await pair.publish(shop, "assistant", {"models": models, **never, "thresholds": strict})
    await within(5, chat.is_told_that_nothing_is_known)
    doubtful = {"enough_score": 1, "weak_score": 0}
    await pair.publish(shop, "assistant", {"models": models, **never, "thresholds": doubtful})
    await chat.asks_until("You check whether passages")
    await pair.publish(shop, "assistant", {"models": models, **never, "thresholds": {"enough_score": 1, "weak_score": 1}})
    await within(5, chat.is_told_that_nothing_is_known)
    await pair.publish(shop, "assistant", {"models": models, **never, "tone": "Last.", "thresholds": {"max_passages": 1}})
    assert "\n[2] " not in (await chat.asks_until("Last."))["messages"][-1]["content"]
    model.says = "[unknown] I do not know."
    stronger = [*models, choice | {"model": "gpt-4o"}]
    await pair.publish(shop, "assistant", {"models": stronger, **never, "tone": "Unsure.", "ask_next_when_unsure": True})
    await chat.asks_until("Unsure.")
    await within(5, chat.has_asked("gpt-4o"))
    rules = {"unknown_answers": 1, "notice": "Alex will answer."}
    await pair.publish(shop, "assistant", {"models": models, "tone": "Rules.", "handover": rules})
    await chat.asks_until("Rules.")
    await within(5, chat.waits)
    assert "Alex will answer." in [message.text for message in await pair.messages(chat.conversation, shop)]


async def test_the_prompt_has_the_organizations_name_and_the_date_there(pair: Pair, served: tuple[int, Model]) -> None:
    port, model = served
    shop = await pair.admin.shop()
    await pair.publish(shop, "assistant", {"models": await own_model(pair, shop, port)})
    chat = Chat(pair, shop, model)
    await chat.begin()
    renamed = {"name": shop.name, "display_name": "Zephyr Sails", "time_zone": "Asia/Tokyo"}
    update = admin_pb.UpdateOrganizationRequest(organization=renamed)
    await pair.admin.call(pair.admin.organizations.UpdateOrganization, update, shop.token("owner"))
    body = await chat.asks_until("The business is Zephyr Sails.")
    assert "(Asia/Tokyo)." in body["messages"][0]["content"]
    await within(5, chat.is_answered)


async def test_the_limit_of_a_prompt_takes_effect(pair: Pair, served: tuple[int, Model]) -> None:
    port, model = served
    shop = await pair.admin.shop()
    await pair.publish(shop, "assistant", {"models": await own_model(pair, shop, port)})
    question = "How long can I return a parcel?" + " It is a brown one, with a green ribbon." * 90

    async def is_cut() -> bool:
        await preview(pair, shop, text=question)
        return " […] " in model.asked[-1][0]["messages"][-1]["content"]

    assert not await is_cut()
    await pair.publish(shop, "limits", {"context_tokens": 500})
    await within(PROMISE_SECONDS * 5, is_cut)


async def test_a_budget_takes_effect(pair: Pair, served: tuple[int, Model]) -> None:
    port, model = served
    shop = await pair.admin.shop()
    models = await own_model(pair, shop, port)
    await pair.publish(shop, "assistant", {"models": models})
    await pair.publish(shop, "budget", {"daily": {"nanos": 1_000}})
    chat = Chat(pair, shop, model)
    await chat.begin()

    async def is_used_up() -> bool:
        await chat.ask()
        return await chat.waits()

    await within(PROMISE_SECONDS * 5, is_used_up)


async def test_limits_of_messages_take_effect_in_channel(pair: Pair) -> None:
    shop = await pair.admin.shop()
    await pair.start("channel")
    chat, token = channel_pb.WebChatServiceStub(pair.channel), (await shop.login()).tokens.access_token
    kept = {"display_name": "Web", "kind": "CHANNEL_KIND_WEB_CHAT"}
    create = channel_pb.CreateChannelRequest(parent=shop.name, channel=kept, channel_id="web")
    await client.call(channel_pb.ChannelServiceStub(pair.channel).CreateChannel, create, token=token)

    async def second_is_refused() -> bool:
        opening = channel_pb.OpenSessionRequest(channel=f"{shop.name}/channels/web")
        session = await client.call(chat.OpenSession, opening, token="")
        said = []
        for _ in range(2):
            request = channel_pb.SendMessageRequest(conversation=session.conversation, text="Hello?", request_id=ids.new())
            said.append(await reason(client.call(chat.SendMessage, request, token=session.token)))
        assert said[0] == ""
        return said[1] != ""

    assert not await second_is_refused()
    await pair.publish(shop, "limits", {"session_messages_per_minute": 1})
    await within(PROMISE_SECONDS, second_is_refused)
    await pair.publish(shop, "limits", {"customer_messages_per_minute": 1})
    await within(PROMISE_SECONDS, second_is_refused)
