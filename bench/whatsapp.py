"""How long a WhatsApp answer takes: from a customer's message to its answer at Twilio's simulator, less the quiet time.

    python -m bench.whatsapp [COUNT]

Customers write one after the other, at random moments, so that no poll is in step with them. The time left
includes the webhook, core, the model (a simulator that answers at once), the delivery, and every wait for a poll.
"""

import asyncio
import random
import statistics
import sys
import time
from datetime import timedelta

from frontdesk.channel import v1 as channel_pb

from bench.__main__ import Bench, started
from kit import client
from kit.caller import Signer
from tests.twilio import Twilio

PARENT, CHANNEL = "organizations/demo", "whatsapp"
QUIET = timedelta(seconds=1.2)
LOOK_SECONDS = 0.002
WARM_UP = 3


async def _create(bench: Bench, twilio: Twilio, url: str) -> None:
    account = twilio.account
    config = channel_pb.TwilioWhatsAppConfig(
        account_sid=account.sid, auth_token=account.token, phone_number=account.number, webhook_url=url
    )
    kind = channel_pb.CHANNEL_KIND_WHATSAPP_TWILIO
    channel = channel_pb.Channel(display_name="WhatsApp", kind=kind, whatsapp_twilio=config)
    request = channel_pb.CreateChannelRequest(parent=PARENT, channel=channel, channel_id=CHANNEL, request_id=CHANNEL)
    token = Signer.load(bench.home / "keys", "stack").service_token("demo")
    async with client.dial(f"127.0.0.1:{bench.ports.channel}") as to_channel:
        await client.call(channel_pb.ChannelServiceStub(to_channel).CreateChannel, request, token=token, timeout=15)


async def _answer(twilio: Twilio, customer: str) -> float:
    """Seconds from a customer's message to its answer."""
    began = time.monotonic()
    twilio.says(customer, "How long can I return it?")
    async with asyncio.timeout(60):
        while not twilio.account.accepted(customer):  # noqa: ASYNC110  # it is the simulator's list that is watched
            await asyncio.sleep(LOOK_SECONDS)
    return time.monotonic() - began


async def _measure(count: int) -> list[float]:
    async with Twilio().running() as twilio:
        with started(more={"FRONTDESK_TWILIO_URL": twilio.url}) as bench:
            url = f"http://{bench.gateway}/v1/{PARENT}/channels/{CHANNEL}/webhooks:twilio"
            twilio.account.webhook = url
            await _create(bench, twilio, url)
            waits = []
            for number in range(WARM_UP + count):
                waits.append(await _answer(twilio, f"+49151{number:07}") - QUIET.total_seconds())
                await asyncio.sleep(random.random())
            return waits[WARM_UP:]


def main() -> None:
    """Prints the mean and the 99th percentile."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    waits = sorted(asyncio.run(_measure(count)))
    late = waits[min(len(waits) - 1, round(0.99 * len(waits)) - 1)]
    print(f"{count} WhatsApp answers: {statistics.mean(waits):.3f} s beyond the quiet time on average, p99 {late:.3f} s")


if __name__ == "__main__":
    main()
