"""UserSessionService."""

from functools import partial

from frontdesk.admin import v1 as pb
from google.protobuf.empty_pb2 import Empty

from kit import caller, names, pages
from kit.ids import OrganizationId
from kit.interceptors import Context
from services.admin import convert
from services.admin.app import App
from services.admin.convert import accounts
from services.admin.domain.sessions import Session
from services.admin.rpc.actor import current_actor


class UserSessionServicer(pb.UserSessionServiceServicer):
    """Sessions of users."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def ListUserSessions(self, request: pb.ListUserSessionsRequest, context: Context) -> pb.ListUserSessionsResponse:
        (organization, user), by = _ids(convert.USER, "user", request.parent), current_actor()

        def key(session: Session) -> pages.ByTime:
            return pages.ByTime(session.created, session.id)

        fetch = partial(self._app.list_sessions, organization, user, by)
        filter = f"userSessions\n{organization}\n{user}"
        found, more = await pages.page(request, pages.ByTime, fetch, key, filter=filter)
        shown = [accounts.session_to_pb(session, current=by.session) for session in found]
        return pb.ListUserSessionsResponse(user_sessions=shown, next_page_token=more)

    async def EndUserSession(self, request: pb.EndUserSessionRequest, context: Context) -> Empty:
        await self._app.end_session(*_ids(accounts.SESSION, "session", request.name), current_actor())
        return Empty()

    async def EndOtherSessions(self, request: pb.EndOtherSessionsRequest, context: Context) -> pb.EndOtherSessionsResponse:
        organization = OrganizationId(caller.current().organization)
        return pb.EndOtherSessionsResponse(ended=await self._app.end_other_sessions(organization, current_actor()))

    async def EndAllSessions(self, request: pb.EndAllSessionsRequest, context: Context) -> Empty:
        await self._app.end_all_sessions(*_ids(convert.USER, "user", request.name), current_actor())
        return Empty()


def _ids(pattern: str, kind: str, name: str) -> tuple[OrganizationId, str]:
    ids = names.parse(pattern, name)
    return OrganizationId(ids["organization"]), ids[kind]
