"""Runs a scenario on the running stack: load, faults, healing, quiet, evidence, verdict."""

from __future__ import annotations

import asyncio
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
from frontdesk.core import v1 as core_pb

from kit import client
from stack.home import REPOSITORY
from tests.fault import agents, chat, live, phones
from tests.fault.boot import end
from tests.fault.checker import Broken, Limits, check, percentile
from tests.fault.collect import collect
from tests.fault.evidence import Broke, Evidence, Forgotten, Healed, Memory, Outcome
from tests.fault.journal import Journal, read
from tests.fault.scenarios import Own, Scenario, schedule
from tests.fault.words import Words
from tests.fault.world import MAX_MEMORY, MEMORY_BOUNDS, ORGANIZATIONS, World

SHIPPED = Limits(covered_within=60.0, settled_within=240.0)
"""With times as shipped: a lease of 30 s, a poll, and the model; Twilio's list is read each minute."""


def limits(scenario: Scenario) -> Limits:
    """The limits of late in a scenario."""
    return SHIPPED if scenario.own is Own.SHIPPED else Limits()


@dataclass
class Result:
    """The result of one run of a scenario."""

    scenario: str
    seed: int
    seconds: float = 0.0
    kills: int = 0
    kills_in_turns: int = 0
    conversations: int = 0
    messages: int = 0
    """Customers' and agents' messages that were acknowledged."""
    unknown: int = 0
    takes: int = 0
    lost: int = 0
    doubled: int = 0
    late: int = 0
    """The assistant's messages after a human had taken over."""
    late_pieces: int = 0
    """Pieces of live text that came more than 200 ms after a turn had lost its right to speak."""
    excused: int = 0
    """Of processes that were stopped, one piece each."""
    p99: float = 0.0
    """Seconds to an acknowledgement, while things were broken."""
    gap: float = 0.0
    """The longest time, in seconds, without an acknowledged message: outage and recovery together."""
    healing: float = 0.0
    """Seconds from the end of the last fault until every program was healthy."""
    broken: list[Broken] = field(default_factory=list)
    insufficient: list[str] = field(default_factory=list)
    """Guards against a run that proves nothing."""
    done: list[str] = field(default_factory=list)
    """The actions, with their times and effects."""

    @property
    def red(self) -> bool:
        """Whether an invariant broke, or the run proves nothing."""
        return bool(self.broken or self.insufficient)


async def run(world: World, scenario: Scenario, seed: int) -> Result:
    """One run. Nothing is repeated: its findings are the result."""
    shutil.rmtree(world.journals, ignore_errors=True)
    world.journals.mkdir()
    world.kills = world.kills_in_turns = 0
    world.memory.clear()
    world.learned.clear()
    world.forgotten.clear()
    world.accepted.write_text("")
    allowed = limits(scenario)
    result, journal = Result(scenario.name, seed), Journal(world.journals / "harness.jsonl")
    await world.until_up()
    await world.mood("answers", gap=scenario.gap)
    await world.twilio(**scenario.twilio)
    started = time.time()
    async with AsyncExitStack() as programs:
        effects = await _under_load(world, scenario, result, journal, programs)
    for conversation in world.forgotten:
        journal.write(Forgotten(conversation), sync=False)
    so_far = Evidence.of(read(world.journals))
    await collect(world, so_far, started, allowed.settled_within if scenario.phones else allowed.covered_within)
    for name, most in world.memory.items():
        journal.write(Memory(name, most, MEMORY_BOUNDS.get(name, MAX_MEMORY)), sync=False)
    journal.close()
    evidence = Evidence.of(read(world.journals))
    result.broken = check(evidence, allowed)
    _figures(result, evidence, world, started)
    _guards(result, scenario, effects)
    if result.red:
        _keep(world, result)
    return result


async def _under_load(
    world: World, scenario: Scenario, result: Result, journal: Journal, programs: AsyncExitStack
) -> list[bool]:
    """Load, faults, healing and the load's own end; for each word, whether it had an effect."""
    seed = result.seed
    load = [await _spawn(programs, name, _customers(world, scenario, seed, name)) for name in ("customers", "browsers")]
    if scenario.phones:
        load.append(await _spawn(programs, "phones", _phones(world, scenario, seed)))
    office = await _spawn(programs, "agents", _agents(world, scenario, seed))
    for number in range(scenario.deaf):
        programs.callback((await _deaf(world, number)).cancel)
    programs.callback(asyncio.create_task(_look(world)).cancel)
    effects = await _break(world, scenario, seed, result, journal)
    await _enough_takes(world, scenario)
    broken_until = time.time()
    await world.heal()
    healed = time.time()
    result.healing = round(healed - broken_until, 1)
    journal.write(Healed(healed))
    _request_end(office)
    await _ended(office, 90)
    for process in load:
        _request_end(process)
    for process in load:
        await _ended(process, limits(scenario).covered_within + 60)
    return effects


def _keep(world: World, result: Result) -> None:
    """Copies the evidence and the logs of a red run, and prints their folder."""
    folder = Path(tempfile.mkdtemp(prefix=f"frontdesk-red-{result.scenario}-"))
    shutil.copytree(world.journals, folder / "journals")
    shutil.copytree(world.stack.home.logs, folder / "logs")
    shutil.copytree(world.home.logs, folder / "stores")
    print(f"  evidence and logs: {folder}")


def _customers(world: World, scenario: Scenario, seed: int, name: str) -> chat.Config:
    return chat.Config(
        journal=str(world.journals / f"{name}.jsonl"),
        gateway=world.stack.gateway.removeprefix("http://"),
        channels=[f"organizations/{organization}/channels/chat" for organization in ORGANIZATIONS],
        name=name,
        seed=seed,
        customers=scenario.customers,
        messages=scenario.messages,
        think=scenario.think,
        burst=scenario.burst,
        asks_for_human=scenario.wishes,
        linger=limits(scenario).covered_within + 10,
    )


def _phones(world: World, scenario: Scenario, seed: int) -> phones.Config:
    return phones.Config(
        journal=str(world.journals / "phones.jsonl"),
        twilio=f"http://127.0.0.1:{world.twilio_port}",
        organization=ORGANIZATIONS[0],
        seed=seed,
        phones=scenario.phones,
    )


def _agents(world: World, scenario: Scenario, seed: int) -> agents.Config:
    return agents.Config(
        journal=str(world.journals / "agents.jsonl"),
        gateway=world.stack.gateway.removeprefix("http://"),
        core=f"127.0.0.1:{world.proxies['core'].port},127.0.0.1:{world.proxies['core-2'].port}",
        keys=str(world.stack.home.keys),
        organizations=list(ORGANIZATIONS),
        seed=seed,
        takers=scenario.takers,
        pause=scenario.pause,
    )


async def _spawn(
    programs: AsyncExitStack, program: str, config: chat.Config | phones.Config | agents.Config
) -> asyncio.subprocess.Process:
    text = msgspec.json.encode(config).decode()
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", f"tests.fault.{program}", text, cwd=REPOSITORY)
    programs.callback(end, process)
    return process


def _request_end(process: asyncio.subprocess.Process) -> None:
    """Asks a program of the harness to end: once, because it does not handle a second signal."""
    if process.returncode is None:
        process.send_signal(signal.SIGTERM)


async def _ended(process: asyncio.subprocess.Process, seconds: float) -> None:
    if code := await asyncio.wait_for(process.wait(), seconds):
        raise RuntimeError(f"a program of the harness ended with {code}")


async def _deaf(world: World, number: int) -> Any:
    """A watcher that opens a stream through the gateway and never reads from it."""
    gateway = world.stack.gateway.removeprefix("http://")
    channel = world.deaf_channel(number // 100, lambda: client.dial(gateway))
    organization = ORGANIZATIONS[number % 2]
    token = world.signer("admin").sign("users/deaf", organization, ["*"], name="Deaf")
    listed = await client.call(
        core_pb.ConversationServiceStub(channel).ListConversations,
        core_pb.ListConversationsRequest(parent=f"organizations/{organization}", page_size=20),
        token=token,
    )
    name = listed.conversations[number % len(listed.conversations)].name
    request = core_pb.WatchConversationRequest(name=name, resume_token="0-0")
    return core_pb.ConversationServiceStub(channel).WatchConversation(request, metadata=(("authorization", f"Bearer {token}"),))


async def _look(world: World) -> None:
    while True:
        await asyncio.to_thread(world.look_at_memory)
        await asyncio.sleep(2)


async def _enough_takes(world: World, scenario: Scenario) -> None:
    """On a busy machine agents take fewer conversations in a second, so the load continues for up to five times as long."""
    ends = time.monotonic() + 4 * scenario.seconds
    while time.monotonic() < ends and _takes(Evidence.of(read(world.journals))) < scenario.least_takes:  # noqa: ASYNC110
        await asyncio.sleep(1)


def _takes(evidence: Evidence) -> int:
    return sum(took.outcome is Outcome.OK for each in evidence.took.values() for took in each)


async def _break(world: World, scenario: Scenario, seed: int, result: Result, journal: Journal) -> list[bool]:
    """Runs the schedule; for each word, whether it had an effect."""
    started, effects, words = time.monotonic(), list[bool](), Words(world)

    async def work(number: int) -> None:
        for pause, word in schedule(scenario.lanes[number], scenario.seconds, f"{seed}/{scenario.name}/{number}"):
            await asyncio.sleep(pause)
            if time.monotonic() - started > scenario.seconds:
                return
            at, began = time.monotonic() - started, time.time()
            said = await words.do(word)
            journal.write(Broke(began, time.time(), word))
            effects.append(not said.startswith(("did not", "was down", "no backend")))
            if word != "learn":  # there are hundreds of them
                result.done.append(f"{at:.1f} s: {word}{f' ({said})' if said else ''}")

    lanes = [asyncio.create_task(work(number)) for number in range(len(scenario.lanes))]
    await asyncio.gather(*lanes)
    in_order = bool(scenario.lanes) and all(lane.in_order for lane in scenario.lanes)
    if not in_order and (left := scenario.seconds - (time.monotonic() - started)) > 0:
        await asyncio.sleep(left)
    return effects


def _figures(result: Result, evidence: Evidence, world: World, started: float) -> None:
    until = evidence.healed - result.healing
    sent = [s for each in evidence.sent.values() for s in each]
    outcomes = Counter(s.outcome for s in sent)
    result.seconds = round(until - started, 1)
    result.kills, result.kills_in_turns = world.kills, world.kills_in_turns
    result.conversations = len(evidence.opened)
    result.messages, result.unknown = outcomes[Outcome.OK], outcomes[Outcome.UNKNOWN]
    result.takes = _takes(evidence)
    result.lost = sum(b.invariant in ("I1", "I11", "I12") and "lost" in b.how for b in result.broken)
    result.doubled = sum(b.invariant == "I2" or "doubled" in b.how for b in result.broken)
    late, result.excused = live.judge(evidence, Limits().live_within)
    result.late_pieces = len(late)
    result.late = sum(b.invariant == "I5" for b in result.broken) - result.late_pieces
    acknowledged = sorted(s.done for s in sent if s.outcome is Outcome.OK and s.done <= until)
    result.p99 = round(percentile([s.done - s.at for s in sent if s.outcome is Outcome.OK and s.done <= until], 0.99), 3)
    result.gap = round(max((two - one for one, two in pairwise([started, *acknowledged, until])), default=0.0), 1)


def _guards(result: Result, scenario: Scenario, effects: list[bool]) -> None:
    asked: list[tuple[str, float, float]] = [
        ("acknowledged messages", result.messages, scenario.least_ok * result.seconds),
        ("kills", result.kills, scenario.least_kills),
        ("kills while a reply was running", result.kills_in_turns, scenario.least_kills // 4),
        ("takes", result.takes, scenario.least_takes),
        ("words with an effect", sum(effects), scenario.least_acted * len(effects)),
    ]
    if scenario.whole:
        planned = sum(len(lane.words) for lane in scenario.lanes if lane.in_order)
        asked.append(("words of the plan", len(effects), planned))
    result.insufficient = [f"only {got:g} {what}, at least {least:g} are needed" for what, got, least in asked if got < least]


def as_json(result: Result) -> dict[str, object]:
    """A result for the file of results."""
    return {**asdict(result), "broken": [f"{b.invariant} {b.where}: {b.how}" for b in result.broken[:50]]}
