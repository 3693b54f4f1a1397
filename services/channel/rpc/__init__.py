"""Channel's contract, answered: one module per service of it. What is not built yet stays on the generated base."""

import grpc
from frontdesk.channel import v1 as pb

from services.channel.app.channels import ChannelApp
from services.channel.app.deliveries import DeliveryApp
from services.channel.app.media import MediaApp
from services.channel.app.messages import MessageApp
from services.channel.app.recount import Recounts
from services.channel.app.sessions import SessionApp
from services.channel.app.webhooks import WebhookApp
from services.channel.rpc.channels import Channels
from services.channel.rpc.deliveries import Deliveries
from services.channel.rpc.events import Events
from services.channel.rpc.inbound_messages import InboundMessages
from services.channel.rpc.media import MediaRecords
from services.channel.rpc.verification import Verification
from services.channel.rpc.web_chat import WebChat
from services.channel.rpc.webhooks import Webhooks


def register(
    server: grpc.aio.Server,
    channels: ChannelApp,
    sessions: SessionApp,
    messages: MessageApp,
    webhooks: WebhookApp,
    deliveries: DeliveryApp,
    media: MediaApp,
    events: Events,
    recounts: Recounts,
) -> None:
    """Adds every service of the contract to a server."""
    pb.add_ChannelServiceServicer_to_server(Channels(channels), server)
    pb.add_WebChatServiceServicer_to_server(WebChat(sessions, messages, events.draining), server)
    pb.add_InboundMessageServiceServicer_to_server(InboundMessages(messages), server)
    pb.add_EventServiceServicer_to_server(events, server)
    pb.add_WebhookServiceServicer_to_server(Webhooks(webhooks), server)
    pb.add_DeliveryServiceServicer_to_server(Deliveries(deliveries), server)
    pb.add_MediaServiceServicer_to_server(MediaRecords(media), server)
    pb.add_VerificationServiceServicer_to_server(Verification(recounts), server)
