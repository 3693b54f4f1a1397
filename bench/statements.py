"""`python -m bench.statements`: how many SQL statements PostgreSQL executes for an answer, by service.

Boots a stack, asks one after the other in one conversation, and counts PostgreSQL's log of statements, less those that the
idle stack executes in the same time. `--show` prints the statements themselves, without their parameters.
"""

import argparse
import asyncio
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import NamedTuple

import asyncpg

from bench import chats
from bench.__main__ import NO_PAUSE, TOKENS, Bench, started
from bench.growth.stores import postgres

ANSWERS = 40
IDLE_SECONDS = 20.0
REST_SECONDS = 3.0
"""Between the last answer and the count: transcripts and marks follow."""
_LINE = re.compile(r"^<(\w*)>.*?LOG:  (?:statement|execute [^:]*): (.*(?:\n(?!<).*)*)", re.M)


class Statement(NamedTuple):
    """A statement, and the role that executed it."""

    role: str
    sql: str


Read = Callable[[], Counter[Statement]]


@asynccontextmanager
async def logged(bench: Bench) -> AsyncIterator[Read]:
    """Lets PostgreSQL log every statement with its role; gives a function that counts those in its log so far."""
    connection = await asyncpg.connect(postgres(bench).admin_url())
    log = bench.home / "logs" / "postgres.log"
    try:
        for setting in ("log_line_prefix = '<%u>'", "log_parameter_max_length = 0", "log_statement = 'all'"):
            await connection.execute(f"alter system set {setting}")
        await connection.execute("select pg_reload_conf()")
        await asyncio.sleep(1)
        yield lambda: Counter(Statement(role, " ".join(sql.split())) for role, sql in _LINE.findall(log.read_text()))
    finally:
        await connection.execute("alter system reset all")
        await connection.execute("select pg_reload_conf()")
        await connection.close()


async def _measure(bench: Bench, show: bool) -> None:
    bench.pace(NO_PAUSE)
    customers, results = chats.Customers(bench.gateway, TOKENS, connections=1), chats.Results()
    try:
        session = await customers.open()
        async with customers.watch(session) as frames, logged(bench) as read:
            await customers.ask(session, frames, 0.0, chats.Results())  # fills caches
            await asyncio.sleep(REST_SECONDS)
            before = read()
            await asyncio.sleep(IDLE_SECONDS)
            rested, begun = read(), time.monotonic()
            for _ in range(ANSWERS):
                await customers.ask(session, frames, 0.0, results)
            await asyncio.sleep(REST_SECONDS)
            seconds, after = time.monotonic() - begun, read()
    finally:
        await customers.close()
    if results.answers != ANSWERS:
        raise SystemExit(f"{results.lost} answers were lost and {results.wrong} wrong.")
    idle = {each: (rested[each] - before[each]) / IDLE_SECONDS * seconds for each in after}
    made = {each: (after[each] - rested[each] - idle[each]) / ANSWERS for each in after}
    roles: Counter[str] = Counter()
    for each, number in made.items():
        roles[each.role] += number  # type: ignore[assignment]
    print(f"{ANSWERS} answers one after the other; {sum(idle.values()) / seconds:.1f} statements a second at rest")
    for role, number in roles.most_common():
        print(f"  {role or '-':12} {number:6.2f} an answer")
    print(f"  {'together':12} {sum(made.values()):6.2f} an answer")
    if show:
        for each, number in sorted(made.items(), key=lambda item: -item[1]):
            if number >= 0.05:
                print(f"  {number:6.2f}  {each.role:10} {each.sql[:140]}")


def main() -> None:
    """Measures."""
    parser = argparse.ArgumentParser("python -m bench.statements", description=__doc__)
    parser.add_argument("--show", action="store_true", help="print the statements")
    options = parser.parse_args()
    with started() as bench:
        asyncio.run(_measure(bench, options.show))


if __name__ == "__main__":
    main()
