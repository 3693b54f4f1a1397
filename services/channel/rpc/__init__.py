"""Channel's contract, answered: one module per service of it. RPCs that are not built yet stay on the generated base."""

import asyncio

import grpc
from frontdesk.channel import v1 as pb
from frontdesk.channel.internal import v1 as internal

from kit import servicers
from kit.jobs.dead_letters import Below, add_dead_letter_service
from kit.jobs.table import Jobs
from kit.journal import Journal
from services.channel.app import App
from services.channel.app.recount import Recounts
from services.channel.rpc.channels import ChannelServicer
from services.channel.rpc.deliveries import DeliveryServicer
from services.channel.rpc.inbound_messages import InboundMessageServicer
from services.channel.rpc.mail import MailServicer
from services.channel.rpc.media import MediaServicer
from services.channel.rpc.web_chat import WebChatServicer
from services.channel.rpc.web_chat_mail import WebChatMailServicer
from services.channel.rpc.webhooks import WebhookServicer


def register(
    server: grpc.aio.Server,
    app: App,
    journal: Journal,
    draining: asyncio.Event,
    recounts: Recounts,
    jobs: Jobs,
    dead_letters_below: Below,
) -> None:
    """Adds every service of the contract to a server."""
    pb.add_ChannelServiceServicer_to_server(ChannelServicer(app), server)
    pb.add_WebChatServiceServicer_to_server(WebChatServicer(app, draining), server)
    pb.add_InboundMessageServiceServicer_to_server(InboundMessageServicer(app), server)
    pb.add_WebhookServiceServicer_to_server(WebhookServicer(app), server)
    pb.add_DeliveryServiceServicer_to_server(DeliveryServicer(app), server)
    pb.add_MediaServiceServicer_to_server(MediaServicer(app), server)
    pb.add_MailServiceServicer_to_server(MailServicer(app), server)
    pb.add_WebChatMailServiceServicer_to_server(WebChatMailServicer(app), server)
    internal.add_MailServiceServicer_to_server(MailServicer(app), server)
    add_dead_letter_service(server, pb, jobs, dead_letters_below)
    servicers.add_event_service(server, internal, journal, draining)
    servicers.add_verification_service(server, internal, recounts.received_messages)
