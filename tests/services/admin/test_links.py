"""One-time links as use cases: the first organization, invitations and new passwords."""

import asyncio
from typing import Any

import pytest

from kit.ids import OrganizationId
from services.admin.app.links import first_owner
from services.admin.app.sign_in import SignedIn
from services.admin.domain import organizations
from services.admin.domain.api_keys import ApiKeyDraft, Tier
from services.admin.domain.errors import (
    EmailTaken,
    InvalidCredentials,
    InvalidLink,
    InvalidRefreshToken,
    InvitationEnded,
    InvitationExists,
    LinkExpired,
    LinkRevoked,
    LinkUsed,
    PermissionNotHeld,
    SetupComplete,
    TooManyAttempts,
    TooManyInvitations,
    UserDeactivated,
    UserNotFound,
    WeakPassword,
)
from services.admin.domain.invitations import Draft, State
from services.admin.domain.roles import Actor, permissions_of
from services.admin.domain.sessions import Origin
from services.admin.domain.users import User
from tests.services.admin.desk import DEMO, PASSWORD, PUBLIC_URL, Desk, acting, reset_job

ORIGIN = Origin("192.0.2.1", "Test")
OPERATOR = Actor("services", "stack", frozenset({"*"}))


async def set_up(desk: Desk, token: str, id: str = "first", password: str = PASSWORD) -> SignedIn:
    wanted = organizations.create(OrganizationId(id), "First Shop", "", "", desk.clock())
    owner = first_owner("Owner@first.test", "First Owner")
    signed_in = await desk.app.links.create_first_organization(token, wanted, owner, password, ORIGIN)
    assert isinstance(signed_in, SignedIn)
    return signed_in


async def setup_token(desk: Desk) -> str:
    return (await desk.app.links.create_setup())[0].removeprefix("/admin/#setup=")


async def invite(desk: Desk, by: Actor, email: str = "new@demo.test", roles: tuple[str, ...] = ("agent",)) -> tuple[str, str]:
    """The id of an invitation, and the token of its link."""
    invited = await desk.app.invitations.create(DEMO, Draft(email, "", roles), "", by)
    return invited.invitation.id, invited.link.removeprefix(f"{PUBLIC_URL}/admin/#invitation=")


async def accept(desk: Desk, token: str, password: str = PASSWORD) -> SignedIn:
    signed_in = await desk.app.links.accept_invitation(token, "New Colleague", password, ORIGIN)
    assert isinstance(signed_in, SignedIn)
    return signed_in


async def test_the_holder_of_a_set_up_link_creates_the_first_organization_once(desk: Desk) -> None:
    token = await setup_token(desk)
    with pytest.raises(WeakPassword):  # and the token is as it was
        await set_up(desk, token, password="1234567890")
    signed_in = await set_up(desk, token)
    assert (signed_in.user.email, signed_in.user.roles) == ("owner@first.test", ("owner",))
    assert desk.tokens.issued[-1].permissions == frozenset({"*"})
    assert await desk.facts() == ["OrganizationCreated", "UserCreated", "SessionStarted"]
    with pytest.raises(LinkUsed):
        await set_up(desk, token, "second")
    with pytest.raises(SetupComplete):
        await desk.app.links.create_setup()


async def test_of_two_set_up_links_at_once_one_makes_the_organization(desk: Desk) -> None:
    tokens = [await setup_token(desk) for _ in range(4)]
    made = await asyncio.gather(*(set_up(desk, token, f"o{n}") for n, token in enumerate(tokens)), return_exceptions=True)
    assert sorted(type(each).__name__ for each in made) == ["SetupComplete"] * 3 + ["SignedIn"]
    assert len(await desk.rows("select * from organization")) == 1


@pytest.mark.parametrize("token", ["", "fl_wrong", "x" * 200, "🗝", "fr_" + "a" * 43])
async def test_a_wrong_token_gives_nothing(desk: Desk, token: str) -> None:
    await setup_token(desk)
    with pytest.raises(InvalidLink):
        await set_up(desk, token)
    assert await desk.rows("select * from organization") == []


async def test_a_set_up_link_ends_after_an_hour(desk: Desk) -> None:
    token = await setup_token(desk)
    desk.clock.move(seconds=3599)
    assert (await desk.app.links.check(token, ORIGIN.address)).link.kind == "SETUP"
    desk.clock.move(seconds=1)
    with pytest.raises(LinkExpired):
        await set_up(desk, token)


async def test_tokens_are_stored_as_hashes(desk: Desk) -> None:
    token = await setup_token(desk)
    assert token not in str(await desk.rows("select * from one_time_link"))


async def test_guessing_tokens_is_limited_by_address_and_good_ones_do_not_count(desk: Desk) -> None:
    token = await setup_token(desk)
    for _ in range(150):
        await desk.app.links.check(token, ORIGIN.address)
    for _ in range(100):
        with pytest.raises(InvalidLink):
            await desk.app.links.check("fl_guess", ORIGIN.address)
    with pytest.raises(TooManyAttempts):
        await desk.app.links.check(token, ORIGIN.address)
    await desk.app.links.check(token, "192.0.2.2")


async def test_who_accepts_an_invitation_has_its_address_and_roles(desk: Desk) -> None:
    owner = acting(await desk.organization())
    id, token = await invite(desk, owner, "New@demo.TEST")
    assert desk.mail.sent == [("new@demo.test", f"{PUBLIC_URL}/admin/#invitation={token}")]
    shown = await desk.app.links.check(token, ORIGIN.address)
    assert (shown.email, shown.inviter) == ("new@demo.test", "First Owner")
    signed_in = await accept(desk, token)
    assert (signed_in.user.email, signed_in.user.roles) == ("new@demo.test", ("agent",))
    assert signed_in.user.display_name == "New Colleague"
    kept = await desk.app.invitations.get(DEMO, id)
    assert (kept.state, kept.user) == (State.ACCEPTED, signed_in.user.id)
    assert (await desk.facts())[-4:] == ["InvitationCreated", "UserCreated", "InvitationAccepted", "SessionStarted"]
    with pytest.raises(LinkUsed):
        await accept(desk, token)
    await desk.login(DEMO, "new@demo.test", PASSWORD, ORIGIN.address)


async def test_two_who_accept_at_once_are_one_user(desk: Desk) -> None:
    _, token = await invite(desk, acting(await desk.organization()))
    made = await asyncio.gather(*(accept(desk, token) for _ in range(4)), return_exceptions=True)
    assert sorted(type(each).__name__ for each in made) == ["LinkUsed"] * 3 + ["SignedIn"]


async def test_no_one_invites_to_what_they_do_not_have(desk: Desk) -> None:
    await desk.organization()
    admin = acting(await desk.user("admin"))
    with pytest.raises(PermissionNotHeld):
        await invite(desk, admin, roles=("owner",))
    id, _ = await invite(desk, acting(await desk.app.get_user(DEMO, "demo-owner")), roles=("owner",))
    for change in (desk.app.invitations.renew, desk.app.invitations.revoke):
        with pytest.raises(PermissionNotHeld):
            await change(DEMO, id, admin)


async def lose(desk: Desk, user: User, loss: str, owner: Actor) -> None:
    """A user loses the right to make links."""
    match loss:
        case "deactivated":
            await desk.app.deactivate_user(DEMO, user.id, owner)
        case "reactivated":
            await desk.app.deactivate_user(DEMO, user.id, owner)
            await desk.app.activate_user(DEMO, user.id, owner)
        case "deleted":
            await desk.app.delete_user(DEMO, user.id, "", owner)
        case role:
            await desk.app.assign_roles(DEMO, user.id, [role], "", owner)


LOSSES = ["deactivated", "reactivated", "viewer", "agent", "deleted"]


@pytest.mark.parametrize("loss", LOSSES)
async def test_an_invitation_is_good_only_while_its_inviter_may_give_its_roles(desk: Desk, loss: str) -> None:
    owner = acting(await desk.organization())
    admin = await desk.user("admin")
    id, token = await invite(desk, acting(admin))
    assert (await desk.app.links.check(token, ORIGIN.address)).inviter == admin.display_name
    await lose(desk, admin, loss, owner)
    with pytest.raises(LinkRevoked):
        await desk.app.links.check(token, ORIGIN.address)  # refused at once, not after a form is filled in
    with pytest.raises(LinkRevoked):
        await accept(desk, token)
    renewed = await desk.app.invitations.renew(DEMO, id, owner)
    await accept(desk, renewed.link.rpartition("=")[2])


async def test_a_renewed_invitation_has_one_link_and_a_revoked_one_none(desk: Desk) -> None:
    owner = acting(await desk.organization())
    id, first = await invite(desk, owner)
    second = (await desk.app.invitations.renew(DEMO, id, owner)).link.rpartition("=")[2]
    with pytest.raises(InvalidLink):
        await accept(desk, first)
    await desk.app.invitations.revoke(DEMO, id, owner)
    assert (await desk.app.invitations.revoke(DEMO, id, owner)).state is State.REVOKED
    with pytest.raises(LinkRevoked):
        await accept(desk, second)
    with pytest.raises(InvitationEnded):
        await desk.app.invitations.renew(DEMO, id, owner)
    assert [kind for kind in await desk.facts() if kind.startswith("Invitation")] == [
        "InvitationCreated",
        "InvitationRenewed",
        "InvitationRevoked",
    ]


async def test_an_address_has_one_pending_invitation_and_none_if_it_is_a_users(desk: Desk) -> None:
    owner = acting(await desk.organization())
    id, token = await invite(desk, owner)
    with pytest.raises(InvitationExists) as refused:
        await invite(desk, owner, "NEW@demo.test")
    assert refused.value.metadata == {"invitation": id}
    with pytest.raises(EmailTaken):
        await invite(desk, owner, "owner@demo.test")
    desk.clock.move(days=7)
    assert [each.id for each in await desk.app.invitations.page(DEMO, State.EXPIRED, None, 10)] == [id]
    with pytest.raises(LinkExpired):
        await accept(desk, token)
    other, _ = await invite(desk, owner)
    assert other != id
    assert [each.id for each in await desk.app.invitations.page(DEMO, State.PENDING, None, 10)] == [other]


async def test_a_user_made_meanwhile_keeps_the_address(desk: Desk) -> None:
    _, token = await invite(desk, acting(await desk.organization()))
    await desk.user("viewer", email="new@demo.test")
    with pytest.raises(EmailTaken):
        await accept(desk, token)


async def test_pending_invitations_are_bounded(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = acting(await desk.organization())
    monkeypatch.setattr("services.admin.adapters.postgres.invitations.MAX_PENDING", 2)
    await invite(desk, owner, "a@demo.test")
    await invite(desk, owner, "b@demo.test")
    with pytest.raises(TooManyInvitations):
        await invite(desk, owner, "c@demo.test")


async def test_invitations_that_ended_are_deleted_after_a_month(desk: Desk) -> None:
    owner = acting(await desk.organization())
    id, _ = await invite(desk, owner)
    await desk.app.invitations.revoke(DEMO, id, owner)
    desk.clock.move(days=29)
    await desk.app.tidy()
    assert len(await desk.rows("select * from invitation")) == 1
    desk.clock.move(days=9)
    await desk.app.tidy()
    assert await desk.rows("select * from invitation") == []
    assert await desk.rows("select * from one_time_link") == []


async def reset_token(desk: Desk, user: str, by: Actor) -> str:
    return (await desk.app.links.create_reset(DEMO, user, by)).link.removeprefix(f"{PUBLIC_URL}/admin/#reset=")


async def test_a_link_sets_a_new_password_and_ends_all_sessions(desk: Desk) -> None:
    owner = acting(await desk.organization())
    user = await desk.user("agent", id="a1")
    signed_in = await desk.login(DEMO, user.email, PASSWORD, ORIGIN.address)
    token = await reset_token(desk, "a1", owner)
    with pytest.raises(WeakPassword):
        await desk.app.links.reset_password(token, "1234567890", ORIGIN.address)
    await desk.app.links.reset_password(token, "eight red bicycles", ORIGIN.address)
    with pytest.raises(InvalidRefreshToken):
        await desk.app.sign_in.refresh(signed_in.refresh_token)
    with pytest.raises(InvalidCredentials):
        await desk.login(DEMO, user.email, PASSWORD, ORIGIN.address)
    await desk.login(DEMO, user.email, "eight red bicycles", ORIGIN.address)
    with pytest.raises(LinkUsed):
        await desk.app.links.reset_password(token, "nine blue bicycles", ORIGIN.address)
    assert (await desk.facts())[-3:] == ["PasswordResetLinkCreated", "UserPasswordChanged", "SessionStarted"]


async def test_a_newer_link_or_password_revokes_a_link(desk: Desk) -> None:
    owner = acting(await desk.organization())
    user = await desk.user("agent", id="a1")
    first, second = await reset_token(desk, "a1", owner), await reset_token(desk, "a1", owner)
    with pytest.raises(InvalidLink):
        await desk.app.links.reset_password(first, "eight red bicycles", ORIGIN.address)
    await desk.app.change_password(DEMO, PASSWORD, "eight red bicycles", acting(user))
    with pytest.raises(InvalidLink):
        await desk.app.links.reset_password(second, "nine blue bicycles", ORIGIN.address)


async def test_links_to_a_password_follow_the_rules_for_users(desk: Desk) -> None:
    owner = await desk.organization()
    admin = acting(await desk.user("admin"))
    with pytest.raises(PermissionNotHeld):
        await reset_token(desk, owner.id, admin)
    with pytest.raises(UserNotFound):
        await reset_token(desk, "nobody", admin)
    user = await desk.user("agent", id="a1")
    token = await reset_token(desk, user.id, admin)
    await desk.app.deactivate_user(DEMO, user.id, admin)
    with pytest.raises(UserDeactivated):
        await reset_token(desk, user.id, admin)
    for _ in range(2):
        with pytest.raises(LinkRevoked):
            await desk.app.links.reset_password(token, "eight red bicycles", ORIGIN.address)
        await desk.app.activate_user(DEMO, user.id, admin)  # the link stays revoked
    await desk.app.links.reset_password(await reset_token(desk, user.id, admin), "eight red bicycles", ORIGIN.address)


async def test_a_link_to_a_password_does_not_outlive_a_promotion(desk: Desk) -> None:
    owner = acting(await desk.organization())
    admin, user = acting(await desk.user("admin")), await desk.user("agent", id="a1")
    token = await reset_token(desk, user.id, admin)
    await desk.app.assign_roles(DEMO, user.id, ["owner"], "", owner)
    with pytest.raises(LinkRevoked):
        await desk.app.links.reset_password(token, "eight red bicycles", ORIGIN.address)
    await desk.login(DEMO, user.email, PASSWORD, ORIGIN.address)
    await desk.app.links.reset_password(await reset_token(desk, user.id, owner), "eight red bicycles", ORIGIN.address)


@pytest.mark.parametrize("loss", LOSSES)
async def test_a_link_to_a_password_is_good_only_while_its_maker_may_make_one(desk: Desk, loss: str) -> None:
    owner = acting(await desk.organization())
    admin, user = await desk.user("admin"), await desk.user("agent", id="a1")
    token = await reset_token(desk, user.id, acting(admin))
    assert (await desk.app.links.check(token, ORIGIN.address)).email == user.email
    await lose(desk, admin, loss, owner)
    with pytest.raises(LinkRevoked):
        await desk.app.links.check(token, ORIGIN.address)
    with pytest.raises(LinkRevoked):
        await desk.app.links.reset_password(token, "eight red bicycles", ORIGIN.address)
    await desk.login(DEMO, user.email, PASSWORD, ORIGIN.address)


@pytest.mark.parametrize("loss", ["revoked", "deactivated", "reactivated"])
async def test_a_link_that_an_api_key_made_goes_with_the_key_and_with_its_creator(desk: Desk, loss: str) -> None:
    owner = acting(await desk.organization())
    admin, user = await desk.user("admin"), await desk.user("viewer", id="v1")
    scopes = [*permissions_of(["viewer"]), "admin.users.setPassword"]
    key, _ = await desk.app.create_api_key(DEMO, ApiKeyDraft("Program", scopes, Tier.BASIC, None), "", acting(admin))
    program = Actor("apiKeys", key.id, frozenset(scopes))
    await desk.app.links.reset_password(await reset_token(desk, user.id, program), "eight red bicycles", ORIGIN.address)
    token = await reset_token(desk, user.id, program)
    if loss == "revoked":
        await desk.app.revoke_api_key(DEMO, key.id, owner)
    else:
        await lose(desk, admin, loss, owner)
    with pytest.raises(LinkRevoked):
        await desk.app.links.reset_password(token, "nine blue bicycles", ORIGIN.address)


async def test_a_link_of_a_version_that_stored_no_maker_is_refused(desk: Desk) -> None:
    token = await reset_token(desk, (await desk.organization()).id, OPERATOR)
    async with desk.database.work(DEMO) as work:
        await work.connection.execute("update one_time_link set maker = '', permission = ''")
    with pytest.raises(LinkRevoked):
        await desk.app.links.reset_password(token, "eight red bicycles", ORIGIN.address)


async def test_a_stranger_s_request_leaves_links_that_others_made(desk: Desk) -> None:
    owner = await desk.organization()
    user = await desk.user("agent", id="a1")
    for by in (acting(owner), OPERATOR):
        handed = await reset_token(desk, user.id, by)
        await desk.app.links.mail_reset(reset_job(DEMO, user.email))
        await desk.app.links.mail_reset(reset_job(DEMO, user.email))
        first, second = (link.rpartition("=")[2] for _, link in desk.mail.sent[-2:])
        with pytest.raises(InvalidLink):
            await desk.app.links.check(first, ORIGIN.address)
        assert (await desk.app.links.check(second, ORIGIN.address)).email == user.email
        await desk.app.links.reset_password(handed, "eight red bicycles", ORIGIN.address)
        with pytest.raises(InvalidLink):
            await desk.app.links.check(second, ORIGIN.address)


async def test_the_operator_brings_the_last_owner_back(desk: Desk) -> None:
    owner = await desk.organization()
    made = await desk.app.links.create_reset_for_operator(DEMO, "Owner@demo.test", False, OPERATOR)
    assert desk.mail.sent == []
    desk.clock.move(minutes=59)
    await desk.app.links.reset_password(made.link.rpartition("=")[2], "eight red bicycles", ORIGIN.address)
    await desk.login(DEMO, owner.email, "eight red bicycles", ORIGIN.address)
    with pytest.raises(UserNotFound):
        await desk.app.links.create_reset_for_operator(DEMO, "nobody@demo.test", False, OPERATOR)


async def jobs(desk: Desk) -> list[Any]:
    rows = await desk.rows("select organization, payload from job where queue = 'password-resets'")
    return [(row["organization"], row["payload"].decode()) for row in rows]


async def test_a_request_for_a_mail_does_the_same_for_every_address(desk: Desk) -> None:
    await desk.organization()
    for email in ("owner@demo.test", "nobody@demo.test"):
        await desk.app.links.request_reset(DEMO, email, ORIGIN.address)
    assert sorted(await jobs(desk)) == [("demo", "nobody@demo.test"), ("demo", "owner@demo.test")]
    for email in ("owner@demo.test", "nobody@demo.test"):
        for _ in range(2):
            await desk.app.links.request_reset(DEMO, email.upper(), ORIGIN.address)
        with pytest.raises(TooManyAttempts):
            await desk.app.links.request_reset(DEMO, email, ORIGIN.address)


async def test_the_job_mails_a_link_to_who_may_sign_in(desk: Desk) -> None:
    owner = await desk.organization()
    gone = await desk.user("agent", id="gone")
    await desk.app.deactivate_user(DEMO, gone.id, acting(owner))
    for email in ("nobody@demo.test", gone.email, owner.email):
        await desk.app.links.mail_reset(reset_job(DEMO, email))
    ((to, link),) = desk.mail.sent
    assert to == owner.email
    await desk.app.links.reset_password(link.rpartition("=")[2], "eight red bicycles", ORIGIN.address)
