"""The actions on the running stack: the words of a schedule."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import signal
import sys
import time
import uuid
from collections import Counter
from contextlib import suppress

import asyncpg
import psutil
import redis.exceptions
from frontdesk.admin import v1 as admin_pb
from frontdesk.channel import v1 as channel_pb
from frontdesk.core import v1 as core_pb
from frontdesk.memory import v1 as memory_pb

from kit import client, errors
from stack import control
from stack.home import REPOSITORY
from stack.stores.postgres import Postgres
from tests.fault.tokens import PASSWORD
from tests.fault.world import ENDS_WITHIN, ORGANIZATIONS, World, arm, command


class Words:
    """Each method is a word; it returns a text with the outcome."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def do(self, word: str) -> str:
        """Runs a word of a schedule, such as `kill core`; returns the outcome."""
        verb, *arguments = word.split()
        try:
            said: str = await getattr(self, verb)(*arguments)
        except (redis.exceptions.ConnectionError, asyncpg.CannotConnectNowError):  # an earlier word killed it
            return "the store is still starting"
        return said

    async def kill(self, name: str) -> str:
        """SIGKILL."""
        return await self._signal(name, signal.SIGKILL)

    async def outage(self) -> str:
        """Kills all replicas of core at once; returns when they are back, however slow the machine is."""
        said = ", ".join(await asyncio.gather(self.kill("core"), self.kill("core-2")))
        await asyncio.sleep(0.5)  # until the supervisor has noticed
        await self.world.until_up()
        return said

    async def everything(self) -> str:
        """Kills the supervisor, all its programs and all stores at once, and starts all of it again."""
        running, pids = (await self.world.model())["running"], self.world.pids()
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            self.world.struck(running)
        while any(store.pid in pids or not store.settled for store in self.world.stores.values()):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        await asyncio.to_thread(self.world.stack.restart)
        await self.world.until_up()
        return f"{len(pids)} processes, {running} replies running"

    async def drain(self, name: str) -> str:
        """SIGTERM, as a rolling restart does it; the supervisor starts the program again."""
        return await self._signal(name, signal.SIGTERM)

    async def _signal(self, name: str, number: signal.Signals) -> str:
        pid, running = self.world.pid(name), (await self.world.model())["running"]
        if pid is None:
            return "was down already"
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        self.world.struck(running)
        return f"pid {pid}, {running} replies running"

    async def freeze(self, name: str, seconds: str) -> str:
        """SIGSTOP, and SIGCONT after so many seconds."""
        pid = self.world.pid(name)
        if pid is None:
            return "was down"
        os.kill(pid, signal.SIGSTOP)
        self.world.frozen.add(pid)
        await asyncio.sleep(float(seconds))
        self.world.thaw()
        return f"pid {pid}"

    async def flush(self) -> str:
        """Empties Redis."""
        async with self.world.redis() as redis:
            await redis.flushall()
        return ""

    async def hush(self, seconds: str) -> str:
        """Disables pub/sub: disconnects subscribers, and refuses to subscribe or publish for so long."""
        async with self.world.redis() as redis:
            await command(redis, "ACL", "SETUSER", "default", "resetchannels")
            await command(redis, "CLIENT", "KILL", "TYPE", "pubsub")
            await asyncio.sleep(float(seconds))
            await command(redis, "ACL", "SETUSER", "default", "allchannels")
        return ""

    async def backend(self) -> str:
        """SIGKILL of a Postgres backend that is in COMMIT, or at least busy; Postgres then restarts all of them."""
        url = Postgres(self.world.home, self.world.stores["postgres"].program.port).admin_url("postgres")
        connection = await asyncpg.connect(url, timeout=5)
        found = None
        try:
            for _ in range(400):
                found = await connection.fetchrow(
                    "select pid, coalesce(wait_event, '') as at from pg_stat_activity where backend_type = 'client backend'"
                    " and pid <> pg_backend_pid() and state = 'active'"
                    " order by (wait_event in ('WALSync', 'WALWrite', 'WalSync', 'WalWrite')) desc nulls last limit 1"
                )
                if found is not None and found["at"].lower().startswith("wal"):
                    break
        finally:
            connection.terminate()
        if found is None:
            return "no backend was busy"
        running = (await self.world.model())["running"]
        with suppress(ProcessLookupError):
            os.kill(found["pid"], signal.SIGKILL)
        self.world.struck(running)
        return f"pid {found['pid']} at {found['at'] or 'work'}"

    async def cut(self, edge: str, after: str = "0") -> str:
        """Breaks the connections of an edge: now, or each after so many bytes until it heals."""
        if after == "0":
            return f"{self.world.proxies[edge].cut()} connections"
        self.world.proxies[edge].cut_after = int(after)
        await asyncio.sleep(2.0)
        self.world.proxies[edge].heal()
        return ""

    async def slow(self, edge: str, milliseconds: str, seconds: str) -> str:
        """Each piece takes so long on an edge."""
        self.world.proxies[edge].latency = float(milliseconds) / 1000
        await asyncio.sleep(float(seconds))
        self.world.proxies[edge].heal()
        return ""

    async def hole(self, edge: str, seconds: str, kind: str = "blackhole") -> str:
        """`blackhole`, `half_open` or `drops` on an edge for so long."""
        proxy = self.world.proxies[edge]
        proxy.blackhole, proxy.half_open, proxy.drops = kind == "blackhole", kind == "half_open", kind == "drops"
        if kind == "drops":
            proxy.cut()
        await asyncio.sleep(float(seconds))
        proxy.heal()
        return ""

    async def unheard(self, seconds: str) -> str:
        """Twilio's webhooks of customers' messages get lost for so long."""
        await self.world.twilio(webhooks_lost=True)
        await asyncio.sleep(float(seconds))
        await self.world.twilio(webhooks_lost=False)
        return ""

    async def moody(self, mood: str, seconds: str, percent: str = "100") -> str:
        """The model misbehaves for so long."""
        before = (await self.world.model())["calls"]
        await self.world.mood(mood, int(percent))
        await asyncio.sleep(float(seconds))
        await self.world.mood("answers")
        return f"{(await self.world.model())['calls'] - before} calls"

    async def failpoint(self, name: str, action: str, seconds: str = "25") -> str:
        """Arms a failpoint until it has acted once, at most for so long."""
        if not await self._acted(f"{name}:{action}", float(seconds)):
            return "did not act"
        if action.startswith("kill"):
            self.world.struck((await self.world.model())["running"])
        return "acted"

    async def armed(self, seconds: str, text: str) -> str:
        """Keeps failpoints armed for so long; each has to act."""
        acted = self.world.failpoints / "acted"
        acted.write_text("")
        arm(self.world.failpoints, text)
        await asyncio.sleep(float(seconds))
        arm(self.world.failpoints, "")
        counts = Counter(line.split()[0] for line in acted.read_text().splitlines())
        if missing := [part for part in text.split(",") if part.partition(":")[0] not in counts]:
            return f"did not act: {missing}"
        return ", ".join(f"{name} {count} times" for name, count in counts.items())

    async def failpoint_while(self, name: str, action: str, *trouble: str) -> str:
        """As `failpoint`, at a place that needs more: a mood of the model, a core that is gone, documents that change."""
        if trouble[0] == "moody":
            await self.world.mood(trouble[1])
            said = await self.failpoint(name, action, trouble[2])
            await self.world.mood("answers")
            return said
        waiting = asyncio.create_task(self.failpoint(name, action))
        if trouble[0] in ("study", "sign_out", "forget"):
            while not waiting.done():
                await getattr(self, trouble[0])()
        else:
            await self.outage()
        return await waiting

    async def zombie(self, seconds: str) -> str:
        """Stops a core right before it commits an answer, past its lease, and resumes it."""
        acted = await self._acted("core.finish.before_commit:stop*1", 8)
        if not acted:
            return "did not act"
        self.world.frozen.add(int(acted.split()[1]))
        await asyncio.sleep(float(seconds))
        self.world.thaw()
        return "acted"

    async def _acted(self, armed: str, seconds: float) -> str:
        """Arms a failpoint until it acts; returns its report, empty when it did not."""
        acted = self.world.failpoints / "acted"
        acted.write_text("")
        arm(self.world.failpoints, armed)
        until = time.monotonic() + seconds
        while not acted.read_text() and time.monotonic() < until:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        arm(self.world.failpoints, "")
        return acted.read_text()

    async def study(self) -> str:
        """Adds two documents, and changes and deletes one of them."""
        await self.learn()
        said = await self.learn()
        if said != "ok":
            await asyncio.sleep(0.1)  # memory starts again
            return said
        name = self.world.learned.pop()
        organization = name.split("/")[1]
        changed = memory_pb.Document(name=name, text=memory_pb.TextSource(content="# Changed\n\nIt was changed."))
        token = self.world.signer("stack").service_token(organization)
        async with client.dial(f"127.0.0.1:{self.world.stack.ports.memory}") as memory:
            stub = memory_pb.DocumentServiceStub(memory)
            try:
                await client.call(
                    stub.UpdateDocument, memory_pb.UpdateDocumentRequest(document=changed), token=token, timeout=5
                )
                await client.call(stub.DeleteDocument, memory_pb.DeleteDocumentRequest(name=name), token=token, timeout=5)
            except errors.FrontdeskError as error:
                return f"unknown: {error.reason}"
        return "ok"

    async def sign_out(self) -> str:
        """An owner signs in and out again, and every service follows that."""
        organization = random.choice(ORGANIZATIONS)
        login = admin_pb.LoginRequest(
            organization=f"organizations/{organization}", email=f"owner@{organization}.example.com", password=PASSWORD
        )
        async with client.dial(f"127.0.0.1:{self.world.stack.ports.admin}") as admin:
            stub = admin_pb.AuthServiceStub(admin)
            try:
                signed_in = await client.call(stub.Login, login, token="", timeout=5)
                logout = admin_pb.LogoutRequest(refresh_token=signed_in.tokens.refresh_token)
                await client.call(stub.Logout, logout, token="", timeout=5)
            except errors.FrontdeskError as error:
                await asyncio.sleep(0.2)  # admin starts again
                return f"unknown: {error.reason}"
        await asyncio.sleep(0.2)
        return "ok"

    async def forget(self) -> str:
        """Two customers write, one of them in a second conversation; they turn out to be one, whom the business then erases.

        Erasing continues after this returns; none of it is in the load's own evidence.
        """
        organization = random.choice(ORGANIZATIONS)
        channel, ports = f"organizations/{organization}/channels/chat", self.world.stack.ports
        token = self.world.signer("stack").service_token(organization)
        async with client.dial(f"127.0.0.1:{ports.channel}") as to_channel, client.dial(f"127.0.0.1:{ports.core}") as to_core:
            chats, customers = channel_pb.WebChatServiceStub(to_channel), core_pb.CustomerServiceStub(to_core)

            async def write() -> channel_pb.Session:
                session: channel_pb.Session = await client.call(
                    chats.OpenSession, channel_pb.OpenSessionRequest(channel=channel), token="", timeout=5
                )
                self.world.forgotten.append(session.conversation)
                said = channel_pb.SendMessageRequest(conversation=session.conversation, text="hello", request_id="hello")
                await client.call(chats.SendMessage, said, token=session.token, timeout=5)
                return session

            try:
                one, two = await write(), await write()
                another = channel_pb.CreateConversationRequest(parent=channel, request_id="another")
                await client.call(chats.CreateConversation, another, token=one.token, timeout=5)
                merge = core_pb.MergeCustomerRequest(name=one.customer, duplicate=two.customer)
                await client.call(customers.MergeCustomer, merge, token=token, timeout=5)
                await client.call(
                    customers.DeleteCustomer, core_pb.DeleteCustomerRequest(name=one.customer), token=token, timeout=5
                )
            except errors.FrontdeskError as error:
                await asyncio.sleep(0.2)  # a service starts again
                return f"unknown: {error.reason}"
        return "ok"

    async def learn(self) -> str:
        """Adds a document."""
        organization, id = random.choice(ORGANIZATIONS), f"d-{uuid.uuid4().hex[:10]}"
        text = memory_pb.TextSource(content=f"# {id}\n\nAll about {id} canary-{organization}", media_type="text/markdown")
        request = memory_pb.CreateDocumentRequest(
            parent=f"organizations/{organization}",
            document=memory_pb.Document(title=id, text=text),
            document_id=id,
            request_id=id,
        )
        token = self.world.signer("stack").service_token(organization)
        async with client.dial(f"127.0.0.1:{self.world.stack.ports.memory}") as memory:
            try:
                await client.call(memory_pb.DocumentServiceStub(memory).CreateDocument, request, token=token, timeout=5)
            except errors.FrontdeskError as error:
                return f"unknown: {error.reason}"
        self.world.learned.append(f"organizations/{organization}/documents/{id}")
        return "ok"

    async def skew(self, name: str, ahead: str, seconds: str) -> str:
        """Runs a process in the place of one, with a clock that is so many seconds ahead."""
        pid = self.world.pid(name)
        assert pid is not None, f"{name} is down"
        environment = psutil.Process(pid).environ()
        await control.ask(self.world.stack.home, "stop", name)
        program = (sys.executable, "-m", "tests.fault.skewed", ahead, name.partition("-")[0])
        with (self.world.folder / "skewed.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(*program, env=environment, cwd=REPOSITORY, stdout=log, stderr=log)
        await asyncio.sleep(float(seconds))
        code = process.returncode
        if code is None:
            process.kill()
            await process.wait()
        await control.ask(self.world.stack.home, "start", name)
        return "did not run" if code is not None else f"pid {process.pid}"

    async def fill(self, seconds: str, *stores: str) -> str:
        """Fills the small disk, and makes room again. `stores`: the stores on it beside Postgres."""
        assert self.world.disk is not None
        ballast = self.world.disk / "ballast"
        with suppress(OSError), ballast.open("wb", buffering=0) as file:
            while True:
                file.write(b"\0" * (1 << 16))
        await asyncio.sleep(float(seconds))
        left = shutil.disk_usage(self.world.disk).free
        ballast.unlink()
        return f"{left >> 10} KiB were left"

    async def restart(self, name: str) -> str:
        """`frontdesk stop` and `start` of one program."""
        started, running = time.monotonic(), (await self.world.model())["running"]
        await control.ask(self.world.stack.home, "stop", name)
        took = time.monotonic() - started
        await control.ask(self.world.stack.home, "start", name)
        self.world.struck(running)
        return f"ended after {took:.1f} s" if took < ENDS_WITHIN else f"did not end on its own in {ENDS_WITHIN:g} s"
