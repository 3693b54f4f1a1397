"""Use cases and workers of the channel service, by noun."""

from dataclasses import dataclass

from services.channel.app.channels import ChannelApp
from services.channel.app.chat_mail import ChatMailApp
from services.channel.app.conversations import ConversationApp
from services.channel.app.deliveries import DeliveryApp
from services.channel.app.mails import MailApp
from services.channel.app.media import MediaApp
from services.channel.app.media_fetching import MediaFetching
from services.channel.app.messages import MessageApp
from services.channel.app.sessions import SessionApp
from services.channel.app.webhooks import WebhookApp
from services.channel.app.widgets import WidgetApp


@dataclass(frozen=True)
class App:
    """Everything the servicers call."""

    channels: ChannelApp
    sessions: SessionApp
    messages: MessageApp
    webhooks: WebhookApp
    deliveries: DeliveryApp
    media: MediaApp
    fetching: MediaFetching
    widgets: WidgetApp
    conversations: ConversationApp
    mail: MailApp
    chat_mail: ChatMailApp
