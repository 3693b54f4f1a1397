"""Customers on WhatsApp, in a separate process: `python -m tests.fault.phones CONFIG` (JSON, see `Config`), until SIGTERM.

They write to the Twilio simulator, which notifies the product by webhook or, where that fails, in its message list: every
message of Twilio has to be in the history. The simulator's own journal of accepted messages shows the messages that they get.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import msgspec

from tests.fault.chat import stop_at_sigterm
from tests.fault.evidence import Outcome, Sent
from tests.fault.journal import Journal

PREFIX = "phones/"
"""The placeholder of a conversation's name until the reader knows it."""


class Config(msgspec.Struct):
    """The configuration of the phones' process."""

    journal: str
    twilio: str
    """The simulator's address, without its proxy."""
    organization: str
    seed: int
    phones: int = 8
    """How many write at the same time."""
    messages: tuple[int, int] = (2, 5)
    """How many messages a phone writes, at least and at most; then another one begins."""
    patience: float = 10.0
    """Seconds that a phone waits for an answer before it writes again."""


@dataclass
class Phones:
    """All phones of this process."""

    config: Config
    journal: Journal
    http: aiohttp.ClientSession
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def write(self, number: int) -> None:
        """One phone after the other, until stopped."""
        rng = random.Random(f"{self.config.seed}/phone/{number}")
        while not self.stopping.is_set():
            phone = f"+49{rng.randrange(10**9, 10**10)}"
            for place in range(rng.randint(*self.config.messages)):
                if not self.stopping.is_set():
                    await self._say(phone, place)
                    await asyncio.sleep(rng.uniform(0.0, 0.3))

    async def _say(self, phone: str, place: int) -> None:
        nonce, at = f"n-{uuid.uuid4().hex[:10]}", time.time()
        text = f"{nonce} where is my parcel canary-{self.config.organization}"
        async with self.http.post(f"{self.config.twilio}/control/say", json={"customer": phone, "body": text}) as response:
            response.raise_for_status()
        # Each has its own sender: a lost webhook lets a later message pass, which can't be detected.
        who = f"{phone}/{place}"
        self.journal.write(Sent(at, time.time(), who, "CUSTOMER", PREFIX + phone, nonce, text, Outcome.OK))
        until = time.monotonic() + self.config.patience
        while time.monotonic() < until and not self.stopping.is_set():
            async with self.http.get(f"{self.config.twilio}/control/accepted", params={"customer": phone}) as response:
                if any(nonce in message["body"] for message in await response.json()):
                    return
            await asyncio.sleep(0.1)


async def main(config: Config) -> None:
    """Writes until SIGTERM."""
    journal = Journal(Path(config.journal))
    async with aiohttp.ClientSession() as http:
        phones = Phones(config, journal, http)
        stop_at_sigterm(phones.stopping)
        async with asyncio.TaskGroup() as group:
            for number in range(config.phones):
                group.create_task(phones.write(number))
    journal.close()


if __name__ == "__main__":
    asyncio.run(main(msgspec.json.decode(sys.argv[1].encode(), type=Config)))
