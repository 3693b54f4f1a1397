"""Files: who may send and read them, how their bytes travel, and what bounds them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import asyncpg
import grpc
import pytest
from frontdesk.channel import v1 as pb
from frontdesk.channel.internal import v1 as internal

from kit.ids import OrganizationId
from services.channel.adapters.media_folder import FolderFiles
from services.channel.domain.media import FileKey, MediaId
from tests.rpc.channel.conftest import CHANNEL, ORGANIZATION, World, bearer, fails
from tests.rpc.channel.files import PERMISSIONS, PNG, Files, sha256
from tests.support.serving import Keys


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        yield session


@pytest.fixture
def agent(world: World, http: aiohttp.ClientSession) -> Files:
    return Files(world, http, world.admin(*PERMISSIONS))


@pytest.fixture
async def session(world: World) -> pb.Session:
    await world.create_channel()
    return await world.open()


@pytest.fixture
def customer(world: World, http: aiohttp.ClientSession, session: pb.Session) -> Files:
    return Files(world, http, bearer(session), session.conversation)


async def test_a_customers_file_is_uploaded_sniffed_and_read_by_agents(
    customer: Files, agent: Files, session: pb.Session
) -> None:
    media = await customer.send(PNG, "../../my\u202e photo\n.png", declared_type="text/html")
    assert media.state == pb.MEDIA_STATE_READY
    assert (media.file_name, media.media_type, media.declared_type) == ("my photo.png", "image/png", "text/html")
    assert (media.size_bytes, media.sha256) == (len(PNG), sha256(PNG))
    assert (media.conversation, media.uploader) == (session.conversation, session.customer)
    assert not media.HasField("expire_time")
    answer = await agent.fetch(media)
    assert (answer.status, answer.body) == (200, PNG)
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Disposition"] == 'inline; filename="my photo.png"'


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "image/svg+xml"),
        (b"<!doctype html><script>alert(1)</script>", "text/html"),
        (b"%PDF-1.7 ...", "application/pdf"),
        (b"plain words", "text/plain"),
        (b"\x00\x01\x02", "application/octet-stream"),
    ],
)
async def test_what_could_run_is_only_ever_downloaded(agent: Files, content: bytes, kind: str) -> None:
    media = await agent.send(content, "photo.png", declared_type="image/png")
    assert (media.media_type, media.inline) == (kind, False)
    answer = await agent.fetch(media)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="photo.png"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


async def test_a_program_is_rejected_whatever_it_is_called_and_its_bytes_are_gone(agent: Files) -> None:
    media = await agent.send(b"MZ\x90\x00" + b"\0" * 60, "holiday.jpg", declared_type="image/jpeg")
    assert media.state == pb.MEDIA_STATE_REJECTED
    assert media.HasField("expire_time")
    assert [path for path in agent.world.media_dir.rglob("*") if path.is_file()] == []
    async with fails("FAILED_PRECONDITION", "MEDIA_NOT_READY"):
        await agent.link(media)


async def test_an_upload_continues_where_it_broke_off(agent: Files) -> None:
    data = os.urandom(300_000)
    announced = await agent.announce(len(data))
    path = announced.upload.path
    start = await agent.ask("HEAD", path)
    assert (start.status, start.headers["Upload-Offset"], start.headers["Upload-Complete"]) == (204, "0", "?0")
    assert start.headers["Cache-Control"] == "no-store"
    assert start.headers["Upload-Limit"] == "max-size=16777216"
    first = await agent.ask("PUT", path, data[:100_000])
    assert (first.status, first.headers["Upload-Offset"]) == (204, "100000")
    second = await agent.ask("PATCH", path, data[100_000:200_000], upload_offset=100_000)
    assert (second.status, second.headers["Upload-Offset"]) == (204, "200000")
    last = await agent.ask("PUT", path, data[200_000:], content_range="bytes 200000-299999/300000")
    assert (last.status, last.headers["Upload-Complete"]) == (200, "?1")
    assert last.json["sha256"] == sha256(data)
    assert last.json["sizeBytes"] == "300000"
    again = await agent.ask("PUT", path, b"", upload_offset=300_000)
    assert (again.status, again.json) == (200, last.json)
    elsewhere = await agent.ask("PUT", path, b"", upload_offset=5)
    assert (elsewhere.status, elsewhere.headers["Upload-Offset"]) == (409, "300000")
    assert (await agent.fetch(announced.media)).body == data


async def test_a_body_that_breaks_off_leaves_what_came(agent: Files) -> None:
    data = os.urandom(200_000)
    announced = await agent.announce(len(data))

    async def half() -> AsyncIterator[bytes]:
        yield data[:100_000]
        await asyncio.Event().wait()

    broken = asyncio.create_task(agent.ask("PUT", announced.upload.path, half()))
    offset = 0
    async with asyncio.timeout(10):
        while not offset:
            offset = int((await agent.ask("HEAD", announced.upload.path)).headers["Upload-Offset"])
        broken.cancel()
        answer = await agent.ask("PUT", announced.upload.path, data[offset:], upload_offset=offset)
        while answer.status != 200:  # what came after the question, or the broken one's right to upload, which ends now
            offset = int((await agent.ask("HEAD", announced.upload.path)).headers["Upload-Offset"])
            answer = await agent.ask("PUT", announced.upload.path, data[offset:], upload_offset=offset)
    assert answer.json["sha256"] == sha256(data)


@pytest.mark.parametrize("offset", [0, 9, 11])
async def test_a_wrong_offset_is_refused_with_the_right_one(agent: Files, offset: int) -> None:
    announced = await agent.announce(20)
    await agent.ask("PUT", announced.upload.path, b"x" * 10)
    answer = await agent.ask("PUT", announced.upload.path, b"y", upload_offset=offset)
    assert (answer.status, answer.reason) == (409, "UPLOAD_OFFSET_MISMATCH")
    assert answer.json["details"][0]["metadata"]["offset"] == "10"
    assert answer.headers["Upload-Offset"] == "10"


@pytest.mark.parametrize(
    "headers",
    [{"upload_offset": "-1"}, {"upload_offset": "ten"}, {"content_range": "bytes */20"}, {"content_encoding": "gzip"}],
)
async def test_a_header_that_cannot_be_understood_is_refused(agent: Files, headers: dict[str, str]) -> None:
    announced = await agent.announce(20)
    answer = await agent.ask("PUT", announced.upload.path, b"x" * 20, **headers)
    assert (answer.status, answer.reason) == (400, "UPLOAD_HEADER_INVALID")


async def test_more_bytes_than_announced_are_refused_with_and_without_a_length(agent: Files) -> None:
    announced = await agent.announce(10)

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(1000):
            yield b"x" * 65536

    for body in (b"x" * 11, endless()):
        try:
            answer = await agent.ask("PUT", announced.upload.path, body)
        except aiohttp.ClientConnectionError:  # it was refused while its sender still wrote
            continue
        assert (answer.status, answer.reason) == (413, "UPLOAD_TOO_LARGE")
    assert (await agent.ask("HEAD", announced.upload.path)).headers["Upload-Offset"] == "0"


async def test_a_file_has_from_one_byte_to_16_mib(agent: Files) -> None:
    for size in (0, (16 << 20) + 1):
        async with fails("INVALID_ARGUMENT", "INVALID_REQUEST"):
            await agent.announce(size)
    media = await agent.send(bytes(16 << 20), "zeros.bin")
    assert media.state == pb.MEDIA_STATE_READY


async def test_an_empty_body_changes_nothing(agent: Files) -> None:
    announced = await agent.announce(10)
    answer = await agent.ask("PUT", announced.upload.path, b"")
    assert (answer.status, answer.headers["Upload-Offset"]) == (204, "0")


async def test_two_uploads_at_once_are_one_and_a_refusal(agent: Files) -> None:
    announced = await agent.announce(20)
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield b"x" * 10
        begun.set()
        await may_end.wait()
        yield b"x" * 10

    first = asyncio.create_task(agent.ask("PUT", announced.upload.path, slow()))
    await begun.wait()
    async with asyncio.timeout(10):
        while (await agent.ask("HEAD", announced.upload.path)).headers["Upload-Offset"] != "10":
            pass
    second = await agent.ask("PUT", announced.upload.path, b"y" * 10, upload_offset=10)
    assert (second.status, second.reason) == (409, "UPLOAD_IN_PROGRESS")
    assert second.headers["Retry-After"] == "1"
    may_end.set()
    assert (await first).json["sha256"] == sha256(b"x" * 20)


async def test_a_caller_that_lost_the_right_to_upload_finishes_nothing(agent: Files, postgres_url: str) -> None:
    announced = await agent.announce(20)
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield b"x" * 10
        begun.set()
        await may_end.wait()
        yield b"x" * 10

    first = asyncio.create_task(agent.ask("PUT", announced.upload.path, slow()))
    await begun.wait()
    database = await asyncpg.connect(postgres_url)
    async with asyncio.timeout(10):
        taken = "update media set holder = 'another', lease = clock_timestamp() + interval '1 min' where holder is not null"
        while await database.execute(taken) != "UPDATE 1":
            pass
    may_end.set()
    answer = await first
    assert (answer.status, answer.reason) == (409, "UPLOAD_IN_PROGRESS")
    assert (await agent.get(announced.media.name)).state == pb.MEDIA_STATE_UPLOADING
    await database.execute("update media set lease = clock_timestamp()")  # the other one has died
    await database.close()
    offset = int((await agent.ask("HEAD", announced.upload.path)).headers["Upload-Offset"])
    answer = await agent.ask("PUT", announced.upload.path, b"x" * (20 - offset), upload_offset=offset)
    assert answer.json["state"] == "MEDIA_STATE_READY"


async def test_ranges(agent: Files) -> None:
    media = await agent.send(PNG)
    link = await agent.link(media)
    whole = await agent.ask("GET", link)
    etag = whole.headers["ETag"]
    assert etag == f'"{sha256(PNG)}"'
    assert whole.headers["Accept-Ranges"] == "bytes"
    size = len(PNG)
    for wanted, start, end in (
        ("0-0", 0, 1),
        ("10-19", 10, 20),
        ("100-", 100, size),
        ("-5", size - 5, size),
        ("0-99999999", 0, size),
    ):
        part = await agent.ask("GET", link, range=f"bytes={wanted}")
        assert (part.status, part.body) == (206, PNG[start:end]), wanted
        assert part.headers["Content-Range"] == f"bytes {start}-{end - 1}/{size}"
    for wanted in ("0-1,5-6", f"{size}-", "5-4", "-", "-0", "x"):
        refused = await agent.ask("GET", link, range=f"bytes={wanted}")
        assert (refused.status, refused.reason) == (416, "RANGE_NOT_SATISFIABLE"), wanted
        assert refused.headers["Content-Range"] == f"bytes */{size}"
    assert (await agent.ask("GET", link, range="pages=1")).status == 200
    assert (await agent.ask("GET", link, range="bytes=0-0", if_range=etag)).status == 206
    assert (await agent.ask("GET", link, range="bytes=0-0", if_range='"another"')).body == PNG
    assert (await agent.ask("GET", link, if_none_match=f'"x", W/{etag}')).status == 304
    head = await agent.ask("HEAD", link)
    assert (head.status, head.headers["Content-Length"], head.body) == (200, str(size), b"")


async def test_a_link_is_good_for_one_purpose_and_file_and_only_as_it_was_signed(
    agent: Files, world: World, keys: Keys
) -> None:
    media = await agent.send(PNG)
    download = await agent.link(media)
    upload = (await agent.announce(10)).upload.path
    token = download.rpartition("/")[2]
    foreign = keys.signer("core").sign_note("media-download", timedelta(minutes=1), org="acme", media="m", sub="users/u")
    expired = keys.signer("channel").sign_note(
        *("media-download", timedelta(seconds=-1)), org="acme", media="m", sub="users/u", session="", issued="1"
    )
    access = keys.user_token("acme", ["*"])
    head, payload, signature = token.split(".")
    for wrong in (foreign, expired, access, "x", f"{head}.{payload}.{signature[:-4]}AAAA", upload.rpartition("/")[2]):
        answer = await agent.ask("GET", f"/v1/media/download/{wrong}")
        assert (answer.status, answer.reason) == (403, "LINK_INVALID"), wrong
    for answer in (
        await agent.ask("PUT", f"/v1/media/upload/{token}", b"x"),
        await agent.ask("GET", f"/v1/media/delivery/{token}"),
    ):
        assert (answer.status, answer.reason) == (403, "LINK_INVALID")
    async with fails("UNAUTHENTICATED"):
        await world.media.GetMedia(pb.GetMediaRequest(name=media.name), metadata=[("authorization", f"Bearer {token}")])


async def test_customers_read_what_belongs_to_their_conversation_and_nothing_else(
    customer: Files, agent: Files, world: World, http: aiohttp.ClientSession, session: pb.Session
) -> None:
    for_them = await agent.send(PNG, conversation=session.conversation)
    of_the_business = await agent.send(PNG)
    assert (await customer.fetch(for_them)).body == PNG
    other = Files(world, http, bearer(await world.open()))
    for files, media in ((customer, of_the_business), (other, for_them), (other, await customer.send(PNG, request_id="q"))):
        async with fails("NOT_FOUND", "MEDIA_NOT_FOUND"):
            await files.get(media.name)
        async with fails("NOT_FOUND", "MEDIA_NOT_FOUND"):
            await files.link(media)
    async with fails("PERMISSION_DENIED", "CONVERSATION_MISMATCH"):
        await other.announce(10, conversation=session.conversation)
    async with fails("INVALID_ARGUMENT", "CONVERSATION_MISSING"):
        await other.announce(10)
    async with fails("PERMISSION_DENIED", "PERMISSION_MISSING"):
        await customer.delete(for_them)


async def test_no_file_is_seen_across_organizations(agent: Files, world: World, http: aiohttp.ClientSession) -> None:
    media = await agent.send(PNG)
    stranger = Files(world, http, world.admin(*PERMISSIONS, organization="other"))
    for call in (stranger.get(media.name), stranger.link(media), stranger.delete(media), stranger.announce(10)):
        async with fails("PERMISSION_DENIED", "ORGANIZATION_MISMATCH"):
            await call
    renamed = pb.Media(name=media.name.replace("acme", "other"))
    async with fails("NOT_FOUND", "MEDIA_NOT_FOUND"):
        await stranger.get(renamed.name)
    await stranger.delete(renamed)
    assert (await agent.fetch(media)).body == PNG


@pytest.mark.parametrize("permission", PERMISSIONS)
async def test_each_call_needs_its_permission(world: World, http: aiohttp.ClientSession, permission: str) -> None:
    files = Files(world, http, world.admin(*(held for held in PERMISSIONS if held != permission)))
    media = pb.Media(name=f"{ORGANIZATION}/media/m1")
    calls = {
        "channel.media.create": (lambda: files.announce(10),),
        "channel.media.read": (lambda: files.get(media.name), lambda: files.link(media)),
        "channel.media.delete": (lambda: files.delete(media),),
    }[permission]
    for call in calls:
        async with fails("PERMISSION_DENIED", "PERMISSION_MISSING"):
            await call()


async def test_a_revoked_token_gets_no_link_and_its_links_end(customer: Files, world: World, session: pb.Session) -> None:
    media = await customer.send(PNG)
    download = await customer.link(media)
    upload = (await customer.announce(10)).upload.path
    channel = pb.Channel(name=CHANNEL, state=pb.CHANNEL_STATE_PAUSED)
    await world.channels.UpdateChannel(
        pb.UpdateChannelRequest(channel=channel, update_mask={"paths": ["state"]}), metadata=world.admin()
    )
    async with asyncio.timeout(5):
        while (await customer.ask("GET", download)).status != 401:
            pass
    refused = await customer.ask("PUT", upload, b"x" * 10)
    assert (refused.status, refused.reason) == (401, "TOKEN_REVOKED")
    for call in (customer.link(media), customer.announce(10)):
        async with fails("UNAUTHENTICATED", "TOKEN_REVOKED"):
            await call


async def test_a_repeated_announcement_is_the_same_file_with_a_fresh_link(agent: Files) -> None:
    first = await agent.announce(10, request_id="same")
    again = await agent.announce(10, request_id="same")
    assert again.media == first.media
    await agent.ask("PUT", again.upload.path, b"x" * 10)
    done = await agent.announce(10, request_id="same")
    assert done.media.state == pb.MEDIA_STATE_READY
    assert not done.HasField("upload")
    async with fails("ALREADY_EXISTS", "REQUEST_ID_REUSED"):
        await agent.announce(11, request_id="same")


async def test_unfinished_uploads_of_a_session_are_limited_and_finished_ones_are_not(customer: Files, agent: Files) -> None:
    for _ in range(4):
        await customer.send(PNG)
    announced = [await customer.announce(10) for _ in range(3)]
    async with fails("RESOURCE_EXHAUSTED", "TOO_MANY_UPLOADS"):
        await customer.announce(10)
    await agent.announce(10)
    await customer.ask("PUT", announced[0].upload.path, b"x" * 10)
    await customer.announce(10)


async def test_announcements_at_once_pass_no_limit(customer: Files) -> None:
    told = await asyncio.gather(*(customer.announce(10) for _ in range(12)), return_exceptions=True)
    assert sum(isinstance(answer, pb.CreateMediaResponse) for answer in told) == 3
    assert all(isinstance(answer, pb.CreateMediaResponse | grpc.aio.AioRpcError) for answer in told)


async def test_bytes_of_a_day_are_limited_by_customer_and_by_organization(customer: Files, agent: Files, world: World) -> None:
    whole = 16 << 20
    await customer.announce(whole)
    await customer.announce(whole)
    async with fails("RESOURCE_EXHAUSTED", "MEDIA_QUOTA_EXCEEDED"):
        await customer.announce(1)
    await agent.announce(whole)
    async with fails("RESOURCE_EXHAUSTED", "MEDIA_QUOTA_EXCEEDED"):
        await agent.announce(1)
    other = Files(world, agent.http, world.admin(*PERMISSIONS, organization="other"))
    await other.announce(whole, parent="organizations/other")


async def test_a_deleted_file_is_gone_with_its_bytes_and_links(agent: Files, world: World) -> None:
    media = await agent.send(PNG)
    link = await agent.link(media)
    await agent.delete(media)
    await agent.delete(media)
    answer = await agent.ask("GET", link)
    assert (answer.status, answer.reason) == (404, "MEDIA_NOT_FOUND")
    assert [path for path in world.media_dir.rglob("*") if path.is_file()] == []


async def test_a_file_whose_process_died_between_its_last_byte_and_its_record_is_ready_by_an_empty_body(
    agent: Files, world: World
) -> None:
    announced = await agent.announce(len(PNG))
    await agent.ask("PUT", announced.upload.path, PNG[:-1])

    async def rest() -> AsyncIterator[bytes]:
        yield PNG[-1:]

    key = FileKey(OrganizationId("acme"), MediaId(announced.media.name.rpartition("/")[2]))
    files = FolderFiles(world.media_dir)
    await files.append(key, len(PNG) - 1, rest())
    await files.seal(key, len(PNG))
    head = await agent.ask("HEAD", announced.upload.path)
    assert head.headers["Upload-Offset"] == str(len(PNG))
    answer = await agent.ask("PUT", announced.upload.path, b"", upload_offset=len(PNG))
    assert (answer.status, answer.json["state"]) == (200, "MEDIA_STATE_READY")


async def test_bytes_that_are_lost_are_an_error_and_not_an_empty_file(agent: Files, world: World) -> None:
    media = await agent.send(PNG)
    for path in world.media_dir.rglob("*"):
        if path.is_file():
            path.unlink()
    answer = await agent.fetch(media)
    assert (answer.status, answer.reason) == (503, "MEDIA_STORE_UNAVAILABLE")


async def test_other_paths_and_methods_are_errors_in_our_form(agent: Files) -> None:
    for method, path in (("GET", "/v1/media/nothing"), ("POST", "/v1/media/upload/x"), ("GET", "/")):
        answer = await agent.ask(method, path)
        assert (answer.status, answer.reason, answer.json["code"]) == (404, "NO_SUCH_METHOD", 5)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert (await agent.ask("GET", "/healthz")).status == 200


async def test_the_journal_shows_what_became_of_a_file_and_who_removed_it(agent: Files, world: World, keys: Keys) -> None:
    media = await agent.send(PNG, conversation=f"{ORGANIZATION}/conversations/c1")
    await agent.delete(media)
    await agent.delete(media)
    request = internal.WatchEventsRequest(
        shards=range(64), filters=[{"kinds": ["MediaFinished", "MediaDeleted"]}], until_now=True
    )
    metadata = [("authorization", f"Bearer {keys.service_token('core')}")]
    responses = [response async for response in world.events.WatchEvents(request, metadata=metadata)]
    finished, deleted = (response.event for response in responses if response.HasField("event"))
    assert {finished.envelope.subject, deleted.envelope.subject} == {media.name}
    assert finished.media_finished == internal.MediaFinished(
        conversation=media.conversation,
        uploader=f"{ORGANIZATION}/users/u1",
        state=pb.MEDIA_STATE_READY,
        media_type="image/png",
        size_bytes=len(PNG),
    )
    assert deleted.media_deleted == internal.MediaDeleted(deleter=f"{ORGANIZATION}/users/u1")
