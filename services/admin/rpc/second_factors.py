"""SecondFactorService."""

from frontdesk.admin import v1 as pb

from kit import caller, names
from kit.ids import OrganizationId
from kit.interceptors import Context
from services.admin import convert
from services.admin.app import App
from services.admin.convert import accounts
from services.admin.rpc.actor import current_actor


class SecondFactorServicer(pb.SecondFactorServiceServicer):
    """The caller's second factor, and the removal of another user's."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def GetSecondFactor(self, request: pb.GetSecondFactorRequest, context: Context) -> pb.SecondFactor:
        return await self._state()

    async def StartSecondFactor(self, request: pb.StartSecondFactorRequest, context: Context) -> pb.SecondFactorEnrollment:
        started = await self._app.second_factors.start(_organization(), request.current_password, current_actor())
        return accounts.enrollment_to_pb(started)

    async def ConfirmSecondFactor(self, request: pb.ConfirmSecondFactorRequest, context: Context) -> pb.RecoveryCodes:
        codes = await self._app.second_factors.confirm(_organization(), request.code, current_actor())
        return pb.RecoveryCodes(codes=codes)

    async def RegenerateRecoveryCodes(self, request: pb.RegenerateRecoveryCodesRequest, context: Context) -> pb.RecoveryCodes:
        codes = await self._app.second_factors.regenerate(_organization(), request.code, current_actor())
        return pb.RecoveryCodes(codes=codes)

    async def DisableSecondFactor(self, request: pb.DisableSecondFactorRequest, context: Context) -> pb.SecondFactor:
        await self._app.second_factors.disable(_organization(), request.code, current_actor())
        return await self._state()

    async def RemoveSecondFactor(self, request: pb.RemoveSecondFactorRequest, context: Context) -> pb.User:
        ids = names.parse(convert.USER, request.name)
        organization = OrganizationId(ids["organization"])
        return convert.user_to_pb(await self._app.remove_second_factor(organization, ids["user"], current_actor()))

    async def _state(self) -> pb.SecondFactor:
        factor, required = await self._app.second_factors.get(_organization(), current_actor())
        return accounts.second_factor_to_pb(factor, required)


def _organization() -> OrganizationId:
    return OrganizationId(caller.current().organization)
