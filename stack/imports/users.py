"""Invites the people in a CSV file. Either every line is right, or no one is invited; inviting again changes nothing."""

from __future__ import annotations

import hashlib
import uuid
from pathlib import Path

from frontdesk.admin import v1 as pb

from kit import errors
from stack.console import RED, Console
from stack.imports import team
from stack.imports.access import Access
from stack.problems import Problem

_ENDED = {
    pb.INVITATION_STATE_ACCEPTED: "was used",
    pb.INVITATION_STATE_REVOKED: "was taken back",
    pb.INVITATION_STATE_EXPIRED: "had expired",
}
"""How an invitation ended that lets no one in any more."""


async def run(access: Access, console: Console, path: Path, dry_run: bool = False) -> int:
    """Invites people, and prints the link of each who got no mail. Returns 1 when someone could not be invited."""
    text = team.read(path)
    people, wrong = team.parse(text, await _roles(access))
    for each in wrong:
        console.line(f"  {console.paint('wrong', RED)}  line {each.line}: {each.why}")
    if wrong:
        raise Problem(f"no one was invited, because {len(wrong)} of {path.name}'s lines can't be used; correct them.")
    if not people:
        raise Problem(f"{path} holds no one; its columns are: e-mail, name, roles.")
    if dry_run:
        console.line(f"{len(people)} people would be invited.")
        return 0
    invited = known = failed = 0
    run_id = uuid.uuid4().hex
    for person in people:
        try:
            answer, before = await _invite(access, person, run_id)
        except errors.AlreadyExists as error:
            known += 1
            console.line(f"  known  {person.email}: {error.message}")
        except (errors.InvalidArgument, errors.FailedPrecondition, errors.PermissionDenied, errors.ResourceExhausted) as error:
            failed += 1
            console.line(f"  {console.paint('not invited', RED)}  line {person.line}, {person.email}: {error.message}")
        else:
            invited += bool(answer.link)
            known += not answer.link
            how = "mailed" if answer.mailed else answer.link or "invited before, and that link still works"
            console.line(f"  {'invited' if answer.link else 'known'}  {person.email}: {how}{before}")
    console.line(f"{invited} invited, {known} known already, {failed} not invited.")
    return int(failed > 0)


async def _invite(access: Access, person: team.Person, run_id: str) -> tuple[pb.CreateInvitationResponse, str]:
    """Invites a person, again if an earlier import's invitation has ended; says so in the second value, empty otherwise."""
    digest = hashlib.sha256(f"{person.email}\n{','.join(person.roles)}".encode()).hexdigest()[:32]
    request = pb.CreateInvitationRequest(
        parent=access.name,
        invitation=pb.Invitation(
            email=person.email, display_name=person.name, roles=[f"{access.name}/roles/{role}" for role in person.roles]
        ),
        request_id=f"import-{digest}",
    )
    create = pb.InvitationServiceStub(access.admin).CreateInvitation
    answer: pb.CreateInvitationResponse = await access.call(create, request)
    ended = _ENDED.get(answer.invitation.state)
    if answer.link or ended is None:
        return answer, ""
    request.request_id += f"-{run_id}"
    return await access.call(create, request), f" (the invitation before {ended})"


async def _roles(access: Access) -> set[str]:
    """The ids of the organization's roles."""
    stub, found = pb.RoleServiceStub(access.admin), set[str]()
    request = pb.ListRolesRequest(parent=access.name, page_size=100)
    while True:
        answer = await access.call(stub.ListRoles, request)
        found |= {role.name.rpartition("/")[2] for role in answer.roles}
        if not answer.next_page_token:
            return found
        request.page_token = answer.next_page_token
