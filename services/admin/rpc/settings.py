"""SettingService."""

from frontdesk.admin import v1 as pb
from frontdesk.admin.internal import v1 as internal

from kit import names, pages
from kit.ids import OrganizationId
from kit.interceptors import Context
from services.admin.app.settings import SettingApp
from services.admin.convert import settings as convert
from services.admin.rpc.actor import current_actor


class SettingServicer(pb.SettingServiceServicer, internal.SettingServiceServicer):
    """Settings."""

    def __init__(self, settings: SettingApp) -> None:
        self._settings = settings

    async def GetSetting(self, request: pb.GetSettingRequest, context: Context) -> pb.Setting:
        return convert.setting_to_pb(await self._settings.get(*convert.setting_ids(request.name)))

    async def ListSettings(self, request: pb.ListSettingsRequest, context: Context) -> pb.ListSettingsResponse:
        organization = OrganizationId(names.last(request.parent))

        async def fetch(after: pages.ById | None, limit: int) -> list[pb.Setting]:
            ids = [id for id in convert.SETTINGS if after is None or id > after.id][:limit]
            return [convert.setting_to_pb(setting) for setting in await self._settings.all_of(organization, ids)]

        found, more = await pages.page(
            request,
            pages.ById,
            fetch,
            lambda setting: pages.ById(names.last(setting.name)),
            filter=f"settings\n{organization}",
        )
        return pb.ListSettingsResponse(settings=found, next_page_token=more)

    async def UpdateSetting(self, request: pb.UpdateSettingRequest, context: Context) -> pb.Setting:
        organization, id = convert.setting_ids(request.setting.name)
        merge = convert.merged(request.setting, request.update_mask)
        saved = await self._settings.save(organization, id, merge, request.setting.etag, current_actor())
        return convert.setting_to_pb(saved)

    async def PublishSetting(self, request: pb.PublishSettingRequest, context: Context) -> pb.Setting:
        organization, id = convert.setting_ids(request.name)
        published = await self._settings.publish(organization, id, request.comment, request.etag, current_actor())
        return convert.setting_to_pb(published)

    async def DiscardSettingDraft(self, request: pb.DiscardSettingDraftRequest, context: Context) -> pb.Setting:
        organization, id = convert.setting_ids(request.name)
        return convert.setting_to_pb(await self._settings.discard(organization, id, request.etag, current_actor()))

    async def RollbackSetting(self, request: pb.RollbackSettingRequest, context: Context) -> pb.Setting:
        organization, id = convert.setting_ids(request.name)
        number = convert.version_number(request.version, request.name)
        return convert.setting_to_pb(await self._settings.roll_back(organization, id, number, request.etag, current_actor()))

    async def DiffSetting(self, request: pb.DiffSettingRequest, context: Context) -> pb.DiffSettingResponse:
        organization, id = convert.setting_ids(request.name)
        numbers = [convert.version_number(version, request.name) for version in (request.before, request.after)]
        return pb.DiffSettingResponse(changes=map(convert.change_to_pb, await self._settings.diff(organization, id, *numbers)))

    async def GetSettingVersion(
        self, request: pb.GetSettingVersionRequest | internal.GetSettingVersionRequest, context: Context
    ) -> pb.SettingVersion:
        setting, _, _ = request.name.rpartition("/versions/")
        organization, id = convert.setting_ids(setting)
        version = await self._settings.version(organization, id, convert.version_number(request.name))
        return convert.version_to_pb(version, organization, id)

    async def ListSettingVersions(
        self, request: pb.ListSettingVersionsRequest, context: Context
    ) -> pb.ListSettingVersionsResponse:
        organization, id = convert.setting_ids(request.parent)
        found, more = await pages.page(
            request,
            pages.ByNumber,
            lambda before, limit: self._settings.versions(
                organization, id, before.number if before else 0, request.published_only, limit
            ),
            lambda version: pages.ByNumber(version.number),
            filter=f"settingVersions\n{organization}\n{id}\n{request.published_only}",
        )
        versions = [convert.version_to_pb(version, organization, id) for version in found]
        return pb.ListSettingVersionsResponse(versions=versions, next_page_token=more)
