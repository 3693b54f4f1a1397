"""A simulator of Twilio on 127.0.0.1: the parts of its REST API and webhooks that WhatsApp via Twilio uses.

It follows Twilio's documented rules, misbehaves on request, and keeps its own journal of accepted messages, so that a test
counts what customers got without asking the product.

    python -m tests.twilio --port 9080 --webhook http://127.0.0.1:8080/v1/organizations/demo/channels/whatsapp/webhooks:twilio

Read: accounts (its data), server (its answers), callbacks (its webhooks), faults (its misbehaviour).
"""

from tests.twilio.accounts import Account, Message
from tests.twilio.faults import Fault, Faults
from tests.twilio.server import Twilio

__all__ = ["Account", "Fault", "Faults", "Message", "Twilio"]
