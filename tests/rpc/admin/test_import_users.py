"""`frontdesk import users` at a real admin service: all or no one, and again without doubles."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from frontdesk.admin import v1 as pb

from kit.caller import Signer
from stack.console import Console
from stack.imports import users
from stack.imports.access import Access
from stack.problems import Problem
from tests.rpc.admin.desk import Shop

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.servers]


async def invite(shop: Shop, tmp_path: Path, text: str, **more: Any) -> tuple[int, str]:
    """The exit code, and what was printed; a problem is printed last."""
    path, said = tmp_path / "team.csv", io.StringIO()
    path.write_text(text)
    access = Access(shop.admin.channel, shop.admin.channel, shop.id, Signer.load(shop.admin.keys.folder, "stack"))
    try:
        code = await users.run(access, Console(said), path, **more)
    except Problem as problem:
        return 1, f"{said.getvalue()}{problem}"
    return code, said.getvalue()


async def invitations(shop: Shop) -> list[pb.Invitation]:
    stub, request = pb.InvitationServiceStub(shop.admin.channel), pb.ListInvitationsRequest(parent=shop.name)
    return list((await shop.admin.call(stub.ListInvitations, request, shop.token("owner"))).invitations)


async def test_a_team_is_invited_once(shop: Shop, tmp_path: Path) -> None:
    team = "e-mail,name,roles\nada@demo.test,Ada,agent\nbob@demo.test,Bob,admin agent\nowner@demo.test,Owner,agent\n"
    code, said = await invite(shop, tmp_path, team, dry_run=True)
    assert (code, await invitations(shop)) == (0, [])
    code, said = await invite(shop, tmp_path, team)
    assert code == 0
    assert "2 invited, 1 known already, 0 not invited." in said
    assert said.count("#invitation=") == 2
    found = {invitation.email: invitation for invitation in await invitations(shop)}
    assert set(found) == {"ada@demo.test", "bob@demo.test"}
    assert sorted(found["bob@demo.test"].roles) == [shop.role("admin"), shop.role("agent")]
    assert found["ada@demo.test"].display_name == "Ada"
    code, said = await invite(shop, tmp_path, team)
    assert code == 0
    assert "#invitation=" not in said
    assert len(await invitations(shop)) == 2


async def test_an_invitation_that_was_taken_back_lets_its_person_be_invited_again(shop: Shop, tmp_path: Path) -> None:
    team = "ada@demo.test,Ada,agent\n"
    await invite(shop, tmp_path, team)
    (first,) = await invitations(shop)
    stub = pb.InvitationServiceStub(shop.admin.channel)
    await shop.admin.call(stub.RevokeInvitation, pb.RevokeInvitationRequest(name=first.name), shop.token("owner"))
    code, said = await invite(shop, tmp_path, team)
    assert code == 0
    assert said.count("#invitation=") == 1
    assert "(the invitation before was taken back)" in said
    assert "1 invited, 0 known already, 0 not invited." in said
    newest, _ = await invitations(shop)
    assert newest.state == pb.INVITATION_STATE_PENDING
    code, said = await invite(shop, tmp_path, team)
    assert code == 0
    assert "0 invited, 1 known already, 0 not invited." in said


async def test_a_wrong_line_invites_no_one(shop: Shop, tmp_path: Path) -> None:
    code, said = await invite(shop, tmp_path, "ada@demo.test,Ada,agent\nbob,Bob,agent\ncarl@demo.test,Carl,boss\n")
    assert code == 1
    assert "line 2: 'bob' is no e-mail address" in said
    assert "line 3: there is no role boss; use one of " in said
    assert "no one was invited" in said
    assert await invitations(shop) == []
