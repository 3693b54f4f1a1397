"""An organization's own mail server: tried as a draft, in force within a second, and its password goes to its host alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import asyncpg
import pytest
from frontdesk.admin import v1 as admin_pb
from frontdesk.channel import v1 as pb
from frontdesk.channel.internal import v1 as internal
from pydantic import SecretStr

from kit import client
from tests.rpc.admin.desk import Shop
from tests.rpc.feeds.conftest import Pair
from tests.rpc.feeds.test_feeds import reason, within
from tests.smtp import Authority, SmtpServer

pytestmark = pytest.mark.servers
PASSWORD = "geheim-p4ss"


async def credential(pair: Pair, shop: Shop, port: int, id: str = "smtp") -> None:
    given = {
        "display_name": "Mail",
        "user": "CREDENTIAL_USER_CHANNEL",
        "base_url": f"smtp://127.0.0.1:{port}",
        "password": {"user": "shop", "password": PASSWORD},
    }
    request = admin_pb.CreateCredentialRequest(parent=shop.name, credential_id=id, credential=given)
    await pair.admin.call(pair.admin.credentials.CreateCredential, request, shop.token("owner"))


def mail(shop: Shop, port: int, **more: Any) -> dict[str, Any]:
    name = f"{shop.name}/credentials/smtp"
    return {"host": "127.0.0.1", "port": port, "from_address": "help@shop.example", "credential": name} | more


async def draft(pair: Pair, shop: Shop, value: dict[str, Any]) -> str:
    name = f"{shop.name}/settings/mail"
    update = admin_pb.UpdateSettingRequest(setting={"name": name, "draft": {"mail": value}})
    saved = await pair.admin.call(pair.admin.settings_service.UpdateSetting, update, shop.token("owner"))
    return str(saved.draft_version)


async def tried(pair: Pair, shop: Shop, version: str = "") -> pb.TestMailResponse:
    request = pb.TestMailRequest(name=f"{shop.name}/mailStatus", to="bob@shop.example", setting_version=version)
    token = pair.keys.user_token(shop.id, ["channel.mail.test"])
    found: pb.TestMailResponse = await client.call(pb.MailServiceStub(pair.channel).TestMail, request, token=token)
    return found


async def test_a_mail_server_is_tried_then_published_and_its_password_goes_nowhere_else(
    pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority(tmp_path / "certificates")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    tls = authority.server("127.0.0.1", "localhost")
    shop = await pair.admin.shop()
    await pair.start("channel")
    for _ in range(21):  # one more than an hour's tests: what tests nothing doesn't count
        assert await reason(tried(pair, shop)) == "MAIL_NOT_CONFIGURED"
    async with (
        SmtpServer(tls, user="shop", password=PASSWORD).running() as server,
        SmtpServer(tls, user="shop", password=PASSWORD).running() as other,
    ):
        await credential(pair, shop, server.port)
        version = await draft(pair, shop, mail(shop, server.port))

        async def works() -> bool:
            return (await tried(pair, shop, version)).works

        await within(5, works)
        assert server.mails[-1].user == "shop"
        assert await reason(tried(pair, shop)) == "MAIL_NOT_CONFIGURED"
        elsewhere = await tried(pair, shop, await draft(pair, shop, mail(shop, other.port)))
        assert (elsewhere.works, elsewhere.reason) == (False, pb.MAIL_PROBLEM_PASSWORD_MISSING)
        assert other.sessions == 0

        await pair.publish(shop, "mail", mail(shop, server.port, from_name="Shop"))

        async def published() -> bool:
            return await reason(tried(pair, shop)) == ""

        await within(1, published)
        assert server.mails[-1].message["From"] == "Shop <help@shop.example>"
        database = await asyncpg.connect(pair.settings["channel"].postgres_url.get_secret_value())
        rows = await database.fetch("select s::text, encode(sealed, 'escape') as sealed from secret s")
        await database.close()
        assert len(rows) == 1
        assert PASSWORD not in str(rows)

        await pair.stop("channel")
        await pair.stop("admin")
        await pair.start("channel")  # with admin away, from its own copies
        request = internal.GetMailStateRequest(organization=shop.name)
        stub, token = internal.MailServiceStub(pair.channel), pair.keys.service_token("admin", shop.id)
        assert (await client.call(stub.GetMailState, request, token=token)).from_address == "help@shop.example"


@pytest.mark.parametrize(
    ("value", "refused"),
    [
        ({"host": "smtp.example.com"}, "INVALID_REQUEST"),
        ({"host": "smtp.example.com", "from_address": "a@b.example", "security": 3}, "INVALID_REQUEST"),
        ({"host": "smtp.example.com\r\n", "from_address": "a@b.example"}, "INVALID_REQUEST"),
        ({"host": "smtp.example.com", "from_address": "Ada <a@b.example>"}, "INVALID_REQUEST"),
        ({"host": "smtp.example.com", "from_address": "a@b.example", "from_name": "A\r\nBcc: x"}, "INVALID_REQUEST"),
        ({"host": "smtp.example.com", "from_address": "a@b.example", "port": 70000}, "INVALID_REQUEST"),
    ],
)
async def test_a_mail_server_that_could_not_work_is_refused(pair: Pair, value: dict[str, Any], refused: str) -> None:
    shop = await pair.admin.shop()
    assert await reason(draft(pair, shop, value)) == refused


async def test_a_mail_server_needs_a_credential_that_exists_and_a_public_host(pair: Pair) -> None:
    shop = await pair.admin.shop()
    assert await reason(draft(pair, shop, mail(shop, 587))) == "CREDENTIAL_NOT_FOUND"
    given = {"display_name": "M", "user": "CREDENTIAL_USER_CHANNEL", "password": {"user": "u", "password": "p"}}
    for url in (
        "smtp://10.0.0.1",
        "smtps://169.254.169.254:465",
        "smtp://u:p@127.0.0.1",
        "smtp://127.0.0.1/x",
        "ftp://127.0.0.1",
    ):
        request = admin_pb.CreateCredentialRequest(parent=shop.name, credential_id="m", credential={**given, "base_url": url})
        call = pair.admin.call(pair.admin.credentials.CreateCredential, request, shop.token("owner"))
        assert await reason(call) == "URL_NOT_ALLOWED"


async def test_an_invitation_and_a_new_password_are_mailed_where_mail_is_set_up(pair: Pair) -> None:
    shop = await pair.admin.shop()
    await pair.stop("admin")
    pair.settings["admin"] = pair.settings["admin"].model_copy(update={"public_url": "https://support.example"})
    await pair.start("admin")
    shop.admin = pair.admin
    invitations = admin_pb.InvitationServiceStub(pair.admin.channel)

    async def invite(name: str) -> admin_pb.CreateInvitationResponse:
        invitation = {"email": f"{name}@demo.test", "roles": [shop.role("agent")]}
        request = admin_pb.CreateInvitationRequest(parent=shop.name, invitation=invitation, request_id=name)
        answer: admin_pb.CreateInvitationResponse = await pair.admin.call(
            invitations.CreateInvitation, request, shop.token("owner")
        )
        return answer

    assert not (await invite("away")).mailed
    async with SmtpServer().running() as server:
        own = {"smtp_url": SecretStr(f"smtp+plain://127.0.0.1:{server.port}"), "smtp_from": "help@shop.example"}
        pair.settings["channel"] = pair.settings["channel"].model_copy(update=own)
        await pair.start("channel")
        answer = await invite("ada")
        assert answer.mailed
        (mail,) = await server.wait(1)
        assert (mail.recipient, mail.link) == ("ada@demo.test", answer.link)
        assert "Demo Owner" in mail.text
        request = admin_pb.CreatePasswordResetLinkRequest(name=shop.user("owner"))
        reset = await pair.admin.call(pair.admin.users.CreatePasswordResetLink, request, shop.token("owner"))
        assert reset.mailed
        assert (await server.wait(2))[1].link == reset.link
