"""Sign-ins, one-time links, invitations, second factors and sessions between admin's domain and its contract."""

from datetime import datetime
from typing import Any, cast

from frontdesk.admin import v1 as pb

from kit.convert import time_to_pb
from services.admin import convert
from services.admin.app.links import Shown
from services.admin.app.sign_in import Challenged, Enrollment, SignedIn
from services.admin.domain.invitations import Invitation, State
from services.admin.domain.second_factors import SecondFactor
from services.admin.domain.sessions import Session

INVITATION = "organizations/{organization}/invitations/{invitation}"
SESSION = "organizations/{organization}/sessions/{session}"


def login_to_pb(answer: SignedIn | Challenged) -> pb.LoginResponse:
    if isinstance(answer, SignedIn):
        return pb.LoginResponse(
            tokens=convert.tokens_to_pb(answer), user=convert.user_to_pb(answer.user), device_token=answer.device_token
        )
    challenge = pb.SecondFactorChallenge(
        challenge_token=answer.token,
        expire_time=time_to_pb(answer.expires),
        enrollment=enrollment_to_pb(answer.enrollment) if answer.enrollment else None,
    )
    return pb.LoginResponse(second_factor=challenge)


def enrollment_to_pb(enrollment: Enrollment) -> pb.SecondFactorEnrollment:
    return pb.SecondFactorEnrollment(secret=enrollment.secret, uri=enrollment.uri)


def second_factor_to_pb(factor: SecondFactor | None, required: bool) -> pb.SecondFactor:
    if factor is None or not factor.confirmed:
        return pb.SecondFactor(required=required)
    return pb.SecondFactor(
        enabled=True,
        enable_time=time_to_pb(factor.confirmed),
        recovery_codes_left=len(factor.recovery),
        required=required,
    )


def shown_to_pb(shown: Shown) -> pb.CheckLinkResponse:
    return pb.CheckLinkResponse(
        kind=f"LINK_KIND_{shown.link.kind}",
        expire_time=time_to_pb(shown.link.expires),
        organization=f"organizations/{shown.link.organization}" if shown.link.organization else "",
        organization_display_name=shown.organization.display_name if shown.organization else "",
        email=shown.email,
        display_name=shown.display_name,
        inviter_display_name=shown.inviter,
    )


def invitation_to_pb(invitation: Invitation, now: datetime) -> pb.Invitation:
    root = f"organizations/{invitation.organization}"
    accepted = invitation.state is State.ACCEPTED
    return pb.Invitation(
        name=f"{root}/invitations/{invitation.id}",
        email=invitation.email,
        display_name=invitation.display_name,
        roles=[f"{root}/roles/{role}" for role in invitation.roles],
        state=f"INVITATION_STATE_{invitation.state_at(now)}",
        inviter=f"{root}/{invitation.inviter}",
        create_time=time_to_pb(invitation.created),
        expire_time=time_to_pb(invitation.expires),
        accept_time=time_to_pb(invitation.ended) if accepted else None,
        user=f"{root}/users/{invitation.user}" if invitation.user else "",
    )


def state_from_pb(state: int) -> State | None:
    """None: any."""
    name = pb.InvitationState.Name(cast(Any, state)).removeprefix("INVITATION_STATE_")
    return None if name == "UNSPECIFIED" else State(name)


def session_to_pb(session: Session, current: str) -> pb.UserSession:
    root = f"organizations/{session.organization}"
    return pb.UserSession(
        name=f"{root}/sessions/{session.id}",
        user=f"{root}/users/{session.user}",
        user_agent=session.user_agent,
        address=session.address,
        create_time=time_to_pb(session.created),
        last_use_time=time_to_pb(session.used or session.created),
        expire_time=time_to_pb(session.expires),
        current=session.id == current,
        second_factor=session.second_factor,
    )
