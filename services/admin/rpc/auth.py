"""AuthService."""

from frontdesk.admin import v1 as pb
from google.api.httpbody_pb2 import HttpBody
from google.protobuf.empty_pb2 import Empty

from kit import names
from kit.ids import OrganizationId
from kit.interceptors import Context
from services.admin import convert
from services.admin.app import App
from services.admin.convert import accounts
from services.admin.domain.sessions import Origin


class AuthServicer(pb.AuthServiceServicer):
    """Signing in and out."""

    def __init__(self, app: App, trusted_hops: int) -> None:
        self._app = app
        self._trusted_hops = trusted_hops

    async def Login(self, request: pb.LoginRequest, context: Context) -> pb.LoginResponse:
        organization = OrganizationId(names.last(request.organization))
        origin = origin_of(context, self._trusted_hops)
        login = self._app.sign_in.login
        return accounts.login_to_pb(await login(organization, request.email, request.password, origin, request.device_token))

    async def VerifySecondFactor(
        self, request: pb.VerifySecondFactorRequest, context: Context
    ) -> pb.VerifySecondFactorResponse:
        origin = origin_of(context, self._trusted_hops)
        verified = await self._app.sign_in.verify(request.challenge_token, request.code, origin)
        return pb.VerifySecondFactorResponse(
            login=accounts.login_to_pb(verified.signed_in),
            recovery_codes=verified.recovery_codes,
            recovery_codes_left=verified.recovery_codes_left,
        )

    async def RequestPasswordReset(self, request: pb.RequestPasswordResetRequest, context: Context) -> Empty:
        organization = OrganizationId(names.last(request.organization))
        address = client_address(context, self._trusted_hops)
        await self._app.links.request_reset(organization, request.email, address)
        return Empty()

    async def RefreshToken(self, request: pb.RefreshTokenRequest, context: Context) -> pb.RefreshTokenResponse:
        signed_in = await self._app.sign_in.refresh(request.refresh_token)
        return pb.RefreshTokenResponse(tokens=convert.tokens_to_pb(signed_in), user=convert.user_to_pb(signed_in.user))

    async def Logout(self, request: pb.LogoutRequest, context: Context) -> Empty:
        await self._app.sign_in.logout(request.refresh_token, request.all_sessions)
        return Empty()

    async def ExchangeApiKey(self, request: pb.ExchangeApiKeyRequest, context: Context) -> pb.ExchangeApiKeyResponse:
        return convert.access_token_to_pb(await self._app.exchange_api_key(request.api_key))

    async def GetJwks(self, request: pb.GetJwksRequest, context: Context) -> HttpBody:
        return HttpBody(content_type="application/json", data=await self._app.jwks())


def origin_of(context: Context, trusted_hops: int) -> Origin:
    """Where a sign-in comes from."""
    metadata = dict(context.invocation_metadata() or ())
    agent = metadata.get("user-agent", "")
    return Origin(client_address(context, trusted_hops), agent if isinstance(agent, str) else "")


def client_address(context: Context, trusted_hops: int) -> str:
    """The caller's IP address, as the outermost of our own proxies saw it.

    Each proxy appends who it was called by to `x-forwarded-for`; what stands before our own entries anybody can have made up.
    """
    for key, value in context.invocation_metadata() or ():
        if key == "x-forwarded-for" and isinstance(value, str) and trusted_hops:
            hops = [hop.strip() for hop in value.split(",")]
            return hops[-min(trusted_hops, len(hops))][:64]
    return context.peer().rpartition(":")[0][:64]
