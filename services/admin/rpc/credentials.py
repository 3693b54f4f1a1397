"""CredentialService, and SecretService for the services that use credentials."""

from functools import partial

from frontdesk.admin import v1 as pb
from frontdesk.admin.internal import v1 as internal
from google.protobuf.empty_pb2 import Empty

from kit import caller, names, pages
from kit.ids import OrganizationId
from kit.interceptors import Context
from services.admin.app.credentials import CredentialApp
from services.admin.convert import credentials as convert
from services.admin.rpc.actor import current_actor


class CredentialServicer(pb.CredentialServiceServicer):
    """Credentials without their secrets."""

    def __init__(self, credentials: CredentialApp) -> None:
        self._credentials = credentials

    async def CreateCredential(self, request: pb.CreateCredentialRequest, context: Context) -> pb.Credential:
        organization, draft = OrganizationId(names.last(request.parent)), convert.draft_from_pb(request.credential)
        return convert.credential_to_pb(
            await self._credentials.create(organization, request.credential_id, draft, request.request_id, current_actor())
        )

    async def GetCredential(self, request: pb.GetCredentialRequest, context: Context) -> pb.Credential:
        return convert.credential_to_pb(await self._credentials.get(*_ids(request.name)))

    async def ListCredentials(self, request: pb.ListCredentialsRequest, context: Context) -> pb.ListCredentialsResponse:
        organization = OrganizationId(names.last(request.parent))
        found, more = await pages.page(
            request,
            pages.ById,
            lambda after, limit: self._credentials.page(organization, after.id if after else "", limit),
            lambda credential: pages.ById(credential.id),
            filter=f"credentials\n{organization}",
        )
        return pb.ListCredentialsResponse(credentials=map(convert.credential_to_pb, found), next_page_token=more)

    async def UpdateCredential(self, request: pb.UpdateCredentialRequest, context: Context) -> pb.Credential:
        merge = convert.merged(request.credential, request.update_mask)
        update = partial(self._credentials.update, *_ids(request.credential.name))
        return convert.credential_to_pb(await update(merge, current_actor()))

    async def DeleteCredential(self, request: pb.DeleteCredentialRequest, context: Context) -> Empty:
        await self._credentials.delete(*_ids(request.name), request.etag, current_actor())
        return Empty()


class SecretServicer(internal.SecretServiceServicer):
    """Secrets, each for the one service that uses it."""

    def __init__(self, credentials: CredentialApp) -> None:
        self._credentials = credentials

    async def GetSecret(self, request: internal.GetSecretRequest, context: Context) -> internal.Secret:
        credential, secret = await self._credentials.secret(*_ids(request.name), caller.current().id)
        return internal.Secret(revision=credential.number, value=secret, credential=convert.credential_to_pb(credential))


def _ids(name: str) -> tuple[OrganizationId, str]:
    ids = names.parse(convert.CREDENTIAL, name)
    return OrganizationId(ids["organization"]), ids["credential"]
