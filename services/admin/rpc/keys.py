"""ApiKeyService."""

from functools import partial

from frontdesk.admin import v1 as pb

from kit import names, pages
from kit.ids import OrganizationId
from kit.interceptors import Context
from services.admin import convert
from services.admin.app import App
from services.admin.rpc.actor import current_actor


class ApiKeyServicer(pb.ApiKeyServiceServicer):
    """API keys."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def CreateApiKey(self, request: pb.CreateApiKeyRequest, context: Context) -> pb.CreateApiKeyResponse:
        wish = convert.wish_from_pb(request.api_key)
        organization = OrganizationId(names.last(request.parent))
        key, secret = await self._app.create_api_key(organization, wish, request.request_id, current_actor())
        return pb.CreateApiKeyResponse(api_key=convert.api_key_to_pb(key), secret=secret)

    async def GetApiKey(self, request: pb.GetApiKeyRequest, context: Context) -> pb.ApiKey:
        return convert.api_key_to_pb(await self._app.get_api_key(*_ids(request.name)))

    async def ListApiKeys(self, request: pb.ListApiKeysRequest, context: Context) -> pb.ListApiKeysResponse:
        organization = OrganizationId(names.last(request.parent))
        found, more = await pages.page(
            request,
            pages.ByTime,
            partial(self._app.list_api_keys, organization),
            lambda key: pages.ByTime(key.created, key.id),
            filter=f"apiKeys\n{organization}",
        )
        return pb.ListApiKeysResponse(api_keys=map(convert.api_key_to_pb, found), next_page_token=more)

    async def RotateApiKey(self, request: pb.RotateApiKeyRequest, context: Context) -> pb.RotateApiKeyResponse:
        overlap = request.overlap.ToTimedelta()
        key, secret = await self._app.rotate_api_key(*_ids(request.name), overlap, current_actor())
        return pb.RotateApiKeyResponse(api_key=convert.api_key_to_pb(key), secret=secret)

    async def RevokeApiKey(self, request: pb.RevokeApiKeyRequest, context: Context) -> pb.ApiKey:
        return convert.api_key_to_pb(await self._app.revoke_api_key(*_ids(request.name), current_actor()))


def _ids(name: str) -> tuple[OrganizationId, str]:
    ids = names.parse(convert.API_KEY, name)
    return OrganizationId(ids["organization"]), ids["api_key"]
