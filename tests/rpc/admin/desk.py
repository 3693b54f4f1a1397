"""A real admin on a free port, and organizations to try it on."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
from frontdesk.admin import v1 as pb
from frontdesk.admin.internal import v1 as internal
from pydantic import SecretStr

from kit import client, ids
from services.admin.domain.roles import permissions_of
from services.admin.main import build
from services.admin.settings import Settings
from stack.testing import TestStores
from tests.support.serving import Keys, serve

PASSWORD = "seven green bicycles"


@dataclass
class Admin:
    """Admin's stubs on one channel."""

    channel: grpc.aio.Channel
    keys: Keys
    settings: Settings
    url: str = ""
    auth: Any = field(init=False)
    organizations: Any = field(init=False)
    operator: Any = field(init=False)
    users: Any = field(init=False)
    roles: Any = field(init=False)
    api_keys: Any = field(init=False)
    settings_service: Any = field(init=False)
    audit: Any = field(init=False)
    reports: Any = field(init=False)
    exports: Any = field(init=False)
    credentials: Any = field(init=False)
    secrets: Any = field(init=False)
    events: Any = field(init=False)
    links: Any = field(init=False)
    invitations: Any = field(init=False)
    second_factors: Any = field(init=False)
    sessions: Any = field(init=False)
    setup: Any = field(init=False)

    def __post_init__(self) -> None:
        self.auth = pb.AuthServiceStub(self.channel)
        self.organizations = pb.OrganizationServiceStub(self.channel)
        self.operator = internal.OrganizationServiceStub(self.channel)
        self.users = pb.UserServiceStub(self.channel)
        self.roles = pb.RoleServiceStub(self.channel)
        self.api_keys = pb.ApiKeyServiceStub(self.channel)
        self.settings_service = pb.SettingServiceStub(self.channel)
        self.audit = pb.AuditServiceStub(self.channel)
        self.reports = pb.ReportServiceStub(self.channel)
        self.exports = pb.ExportServiceStub(self.channel)
        self.credentials = pb.CredentialServiceStub(self.channel)
        self.secrets = internal.SecretServiceStub(self.channel)
        self.links = pb.LinkServiceStub(self.channel)
        self.invitations = pb.InvitationServiceStub(self.channel)
        self.second_factors = pb.SecondFactorServiceStub(self.channel)
        self.sessions = pb.UserSessionServiceStub(self.channel)
        self.setup = internal.SetupServiceStub(self.channel)
        self.events = internal.EventServiceStub(self.channel)

    async def call(self, rpc: Any, request: Any, token: str = "", **metadata: str) -> Any:
        """Calls an RPC; raises `kit.errors`."""
        pairs: Sequence[tuple[str, str]] = [(key.replace("_", "-"), value) for key, value in metadata.items()]
        return await client.call(rpc, request, token=token, metadata=pairs)

    async def shop(self) -> "Shop":
        """A new organization with its owner."""
        shop = Shop(self, "o-" + ids.new())
        request = internal.CreateOrganizationRequest(
            organization_id=shop.id,
            organization={"display_name": "Demo Shop"},
            owner={"user_id": "owner", "email": "owner@demo.test", "display_name": "Demo Owner", "password": PASSWORD},
            request_id="first",
        )
        await self.call(self.operator.CreateOrganization, request, self.keys.service_token("stack"))
        return shop


@dataclass
class Shop:
    """An organization, and tokens of people in it."""

    admin: Admin
    id: str

    @property
    def name(self) -> str:
        return f"organizations/{self.id}"

    def user(self, id: str) -> str:
        return f"{self.name}/users/{id}"

    def role(self, id: str) -> str:
        return f"{self.name}/roles/{id}"

    def token(self, *roles: str, user: str = "") -> str:
        """A token with the permissions of these roles; the owner's, who holds them all, unless another user is named."""
        permissions = sorted(permissions_of(roles))
        return self.admin.keys.user_token(self.id, permissions, user or "owner")

    async def add(self, id: str, *roles: str) -> pb.User:
        """A user with these roles, made by the owner."""
        request = pb.CreateUserRequest(
            parent=self.name,
            user={"email": f"{id}@demo.test", "display_name": f"User {id}", "roles": map(self.role, roles)},
            password=PASSWORD,
            user_id=id,
        )
        user: pb.User = await self.admin.call(self.admin.users.CreateUser, request, self.token("owner"))
        return user

    async def login(self, id: str = "owner", password: str = PASSWORD, **metadata: str) -> pb.LoginResponse:
        """Signs in by password."""
        request = pb.LoginRequest(organization=self.name, email=f"{id}@demo.test", password=password)
        response: pb.LoginResponse = await self.admin.call(self.admin.auth.Login, request, **metadata)
        return response

    async def refresh(self, refresh_token: str) -> pb.RefreshTokenResponse:
        """The next tokens."""
        request = pb.RefreshTokenRequest(refresh_token=refresh_token)
        response: pb.RefreshTokenResponse = await self.admin.call(self.admin.auth.RefreshToken, request)
        return response


def settings_for(stores: TestStores, keys: Keys, **more: Any) -> Settings:
    """Settings of an admin on new, empty stores; hashes cost next to nothing."""
    given = {"password_memory_kib": 64, "password_iterations": 1, "drain_seconds": 1.0, **more}
    return Settings(
        keys_dir=keys.folder,
        postgres_url=SecretStr(stores.postgres_url("admin")),
        redis_url=SecretStr(stores.redis_url()),
        **given,
    )


@asynccontextmanager
async def running(settings: Settings, keys: Keys) -> AsyncIterator[Admin]:
    """Admin, as its `__main__` runs it."""
    async with serve(settings, build) as service:
        yield Admin(service.channel, keys, settings, service.url)


def new_keys(folder: Path) -> Keys:
    """Keys of all services."""
    folder.mkdir(exist_ok=True)
    return Keys(folder)
