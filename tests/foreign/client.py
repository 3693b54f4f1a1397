"""A program that knows Frontdesk by its OpenAPI document alone: its client `frontdesk_client` is made by openapi-python-client.

`python client.py URL` prints what it saw as JSON. Nothing here is imported from Frontdesk.
"""

import json
import sys
import uuid

from frontdesk_client import AuthenticatedClient, Client, models
from frontdesk_client.api.auth_service import login, refresh_token
from frontdesk_client.api.conversation_service import get_conversation, list_conversations, watch_conversation
from frontdesk_client.api.message_service import list_messages
from frontdesk_client.api.web_chat_service import open_session, send_message

SHOP = "demo"
ORGANIZATION = f"organizations/{SHOP}"
FRAMES = {
    "messageCreated": models.WatchConversationResponseWithMessageCreated,
    "conversationUpdated": models.WatchConversationResponseWithConversationUpdated,
    "replyDelta": models.WatchConversationResponseWithReplyDelta,
    "turnUpdated": models.WatchConversationResponseWithTurnUpdated,
    "typing": models.WatchConversationResponseWithTyping,
    "heartbeat": models.WatchConversationResponseWithHeartbeat,
}


def sign_in(url: str) -> tuple[Client, str]:
    """A client of an agent, whose token has been refreshed once."""
    body = models.LoginBody(organization=ORGANIZATION, email="agent@example.com", password="frontdesk-demo")
    signed_in = login.sync(client=Client(url), body=body)
    assert isinstance(signed_in, models.LoginResponse), signed_in
    refreshed = refresh_token.sync(
        client=Client(url), body=models.RefreshTokenBody(refresh_token=signed_in.tokens.refresh_token)
    )
    assert isinstance(refreshed, models.RefreshTokenResponse), refreshed
    return AuthenticatedClient(url, token=refreshed.tokens.access_token), signed_in.user.email


def paged(agent: Client, conversation: str) -> list[str]:
    """Every message's text, two to a page."""
    texts: list[str] = []
    token = ""
    while True:
        page = list_messages.sync(SHOP, conversation, client=agent, page_size=2, page_token=token)
        assert isinstance(page, models.ListMessagesResponse), page
        assert len(page.messages) <= 2
        texts += [message.text for message in page.messages]
        token = page.next_page_token
        if not token:
            return texts


def answer(customer: Client, conversation: str) -> tuple[str, set[str]]:
    """The assistant's first message and the kinds of frames before it, out of httpx's stream."""
    seen: set[str] = set()
    request = watch_conversation._get_kwargs(SHOP, conversation, resume_token="0-0")
    with customer.get_httpx_client().stream(**request, timeout=60) as response:
        assert response.status_code == 200, response.read()
        for line in response.iter_lines():
            kind = next(key for key in json.loads(line) if key in FRAMES)
            frame = FRAMES[kind].from_dict(json.loads(line))
            assert frame.resume_token
            seen.add(kind)
            if isinstance(frame, models.WatchConversationResponseWithMessageCreated):
                message = frame.message_created
                if message.role == models.ParticipantRole.PARTICIPANT_ROLE_ASSISTANT:
                    return message.text, seen
    raise AssertionError("the stream ended without an answer")


def main(url: str) -> None:
    """Everything in turn."""
    agent, email = sign_in(url)
    session = open_session.sync(SHOP, "webchat", client=Client(url), body=models.OpenSessionBody(display_name="Ada"))
    assert isinstance(session, models.Session), session
    customer = AuthenticatedClient(url, token=session.token)
    conversation = session.conversation.rpartition("/")[2]
    for text in ("Hello", "Do you ship to Norway?", "And what does a return cost?"):
        sent = send_message.sync(
            SHOP, conversation, client=customer, body=models.SendMessageBody(text=text, request_id=uuid.uuid4().hex)
        )
        assert isinstance(sent, models.SendMessageResponse), sent
        assert sent.message.kind == models.MessageKind.MESSAGE_KIND_UNSPECIFIED
    said, frames = answer(customer, conversation)
    listed = list_conversations.sync(SHOP, client=agent, page_size=1)
    assert isinstance(listed, models.ListConversationsResponse), listed
    missing = get_conversation.sync(SHOP, "nobody", client=agent)
    assert isinstance(missing, models.Status), missing
    refused = send_message.sync_detailed(
        SHOP, conversation, client=Client(url), body=models.SendMessageBody(text="x", request_id="x")
    )
    report = {
        "email": email,
        "texts": paged(agent, conversation),
        "said": said,
        "frames": sorted(frames),
        "conversations": len(listed.conversations),
        "missing": [detail.additional_properties.get("reason", detail.reason) for detail in missing.details],
        "refused": [refused.status_code, type(refused.parsed).__name__],
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main(sys.argv[1])
