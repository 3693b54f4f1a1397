"""AuthService."""

from frontdesk.admin import v1 as pb
from google.api.httpbody_pb2 import HttpBody
from google.protobuf.empty_pb2 import Empty

from kit import names
from kit.ids import OrganizationId
from kit.interceptors import Context
from services.admin import convert
from services.admin.app import App


class AuthServicer(pb.AuthServiceServicer):
    """Signing in and out."""

    def __init__(self, app: App, trusted_hops: int) -> None:
        self._app = app
        self._trusted_hops = trusted_hops

    async def Login(self, request: pb.LoginRequest, context: Context) -> pb.LoginResponse:
        organization = OrganizationId(names.last(request.organization))
        address = client_address(context, self._trusted_hops)
        signed_in = await self._app.login(organization, request.email, request.password, address, request.device_token)
        return pb.LoginResponse(
            tokens=convert.tokens_to_pb(signed_in),
            user=convert.user_to_pb(signed_in.user),
            device_token=signed_in.device_token,
        )

    async def RefreshToken(self, request: pb.RefreshTokenRequest, context: Context) -> pb.RefreshTokenResponse:
        signed_in = await self._app.refresh(request.refresh_token)
        return pb.RefreshTokenResponse(tokens=convert.tokens_to_pb(signed_in), user=convert.user_to_pb(signed_in.user))

    async def Logout(self, request: pb.LogoutRequest, context: Context) -> Empty:
        await self._app.logout(request.refresh_token, request.all_sessions)
        return Empty()

    async def ExchangeApiKey(self, request: pb.ExchangeApiKeyRequest, context: Context) -> pb.ExchangeApiKeyResponse:
        return convert.access_token_to_pb(await self._app.exchange_api_key(request.api_key))

    async def GetJwks(self, request: pb.GetJwksRequest, context: Context) -> HttpBody:
        return HttpBody(content_type="application/json", data=await self._app.jwks())


def client_address(context: Context, trusted_hops: int) -> str:
    """The caller's IP address, as the outermost of our own proxies saw it.

    Each proxy appends who it was called by to `x-forwarded-for`; what stands before our own entries anybody can have made up.
    """
    for key, value in context.invocation_metadata() or ():
        if key == "x-forwarded-for" and isinstance(value, str) and trusted_hops:
            hops = [hop.strip() for hop in value.split(",")]
            return hops[-min(trusted_hops, len(hops))][:64]
    return context.peer().rpartition(":")[0][:64]
