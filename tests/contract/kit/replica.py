"""One replica of a consumer as a process of its own: follows the journal of its own database into the table `effect`.

python replica.py POSTGRES_URL NAME
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator, Mapping, Sequence

from frontdesk.core.internal import v1 as internal
from pydantic import SecretStr

from kit import journal, postgres


async def main(url: str, name: str) -> None:
    async with postgres.open_pool(SecretStr(url)) as pool:
        kept = journal.Journal(pool, "test", lambda organization, fact: journal.Fact(internal.Event(), ""))

        class Own:
            async def open(
                self, shards: Sequence[int], after: Mapping[int, int]
            ) -> AsyncGenerator[internal.WatchEventsResponse, None]:
                request = internal.WatchEventsRequest(shards=shards, after=after)
                async for response in journal.serve(kept, request, internal.WatchEventsResponse, over=lambda: False):
                    yield internal.WatchEventsResponse.FromString(response.SerializeToString())

            def handled(self, event: internal.Event) -> None: ...

        async def handle(transaction: journal.Transaction, event: internal.Event) -> None:
            what = f"{event.envelope.shard}/{event.envelope.position}"
            await transaction.connection.execute("insert into effect (what, who) values ($1, $2)", what, name)

        await journal.follow(pool, "test", Own(), handle)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
