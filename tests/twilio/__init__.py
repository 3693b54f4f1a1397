"""A stand-in for Twilio on 127.0.0.1: the parts of its REST API and webhooks that WhatsApp by Twilio uses.

It obeys Twilio's documented rules, misbehaves when told, and keeps a journal of its own of what it accepted, so that a test
counts what customers got without asking the product.

    python -m tests.twilio --port 9080 --webhook http://127.0.0.1:8080/v1/organizations/demo/channels/whatsapp/webhooks:twilio

Read: accounts (what it knows), server (what it answers), callbacks (what it tells), faults (how it misbehaves).
"""

from tests.twilio.accounts import Account, Message
from tests.twilio.faults import Fault, Faults
from tests.twilio.server import Twilio

__all__ = ["Account", "Fault", "Faults", "Message", "Twilio"]
