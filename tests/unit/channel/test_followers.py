"""Which messages channel reads at core for a batch of facts."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from frontdesk.core.internal import v1 as internal

from services.channel.followers import CoreFollower


def said(number: int, role: str, label: str, note: bool = False) -> internal.Event:
    conversation = f"organizations/acme/conversations/c{number}"
    return internal.Event(
        envelope={"organization": "acme", "subject": f"{conversation}/messages/{role}{note}", "labels": [label]},
        conversation={"name": conversation},
        message_created={"role": f"PARTICIPANT_ROLE_{role}", "note": note},
    )


async def test_an_agents_answer_is_read_whether_or_not_an_address_is_known_yet_and_the_assistants_only_then() -> None:
    asked: list[Any] = []
    read: list[str] = []

    async def mailed(conversations: Any) -> Any:
        asked.append(conversations)
        return {("acme", "c2")} & conversations

    async def messages(names: Sequence[str]) -> Any:
        read.extend(names)
        return []

    answers: Any = SimpleNamespace(mail=SimpleNamespace(kept=SimpleNamespace(mailed=mailed)))
    unused: Any = None
    follower = CoreFollower(unused, answers, unused, messages)
    await follower.prepare([said(1, "AGENT", "with-agents"), said(1, "AGENT", "with-agents", note=True)])
    assert asked == [], "what is known of addresses now says nothing of the transaction that comes"
    assistant = [said(number, "ASSISTANT", "by-assistant") for number in (1, 2)]
    await follower.prepare([*assistant, said(3, "ASSISTANT", "by-provider"), said(1, "CUSTOMER", "with-agents")])
    assert [name.removeprefix("organizations/acme/conversations/") for name in read] == [
        *("c1/messages/AGENTFalse", "c2/messages/ASSISTANTFalse", "c3/messages/ASSISTANTFalse"),
    ]
