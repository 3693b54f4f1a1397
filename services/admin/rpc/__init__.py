"""Admin's contract served: one servicer per service of the contract.

RPCs of the contract that are not built yet stay on the generated servicers, which answer UNIMPLEMENTED: the audit log and
exports.
"""

import asyncio

import grpc
from frontdesk.admin import v1 as pb
from frontdesk.admin.internal import v1 as internal

from kit import servicers
from kit.journal import Journal
from services.admin.app import App
from services.admin.rpc.auth import AuthServicer
from services.admin.rpc.credentials import CredentialServicer, SecretServicer
from services.admin.rpc.invitations import InvitationServicer
from services.admin.rpc.keys import ApiKeyServicer
from services.admin.rpc.links import LinkServicer, SetupServicer
from services.admin.rpc.people import OrganizationServicer, UserServicer
from services.admin.rpc.reports import ReportServicer
from services.admin.rpc.roles import RoleServicer
from services.admin.rpc.second_factors import SecondFactorServicer
from services.admin.rpc.settings import SettingServicer
from services.admin.rpc.user_sessions import UserSessionServicer


def register(server: grpc.aio.Server, app: App, journal: Journal, draining: asyncio.Event, trusted_hops: int) -> None:
    """Adds all of admin's servicers to a server."""
    pb.add_AuthServiceServicer_to_server(AuthServicer(app, trusted_hops), server)
    organizations = OrganizationServicer(app)
    pb.add_OrganizationServiceServicer_to_server(organizations, server)
    internal.add_OrganizationServiceServicer_to_server(organizations, server)
    pb.add_UserServiceServicer_to_server(UserServicer(app), server)
    pb.add_LinkServiceServicer_to_server(LinkServicer(app.links, trusted_hops), server)
    internal.add_SetupServiceServicer_to_server(SetupServicer(app.links), server)
    pb.add_InvitationServiceServicer_to_server(InvitationServicer(app.invitations, app.now), server)
    pb.add_SecondFactorServiceServicer_to_server(SecondFactorServicer(app), server)
    pb.add_UserSessionServiceServicer_to_server(UserSessionServicer(app), server)
    pb.add_RoleServiceServicer_to_server(RoleServicer(app.roles), server)
    pb.add_ApiKeyServiceServicer_to_server(ApiKeyServicer(app), server)
    servicers.add_event_service(server, internal, journal, draining)
    settings = SettingServicer(app.settings)
    pb.add_SettingServiceServicer_to_server(settings, server)
    internal.add_SettingServiceServicer_to_server(settings, server)
    pb.add_AuditServiceServicer_to_server(pb.AuditServiceServicer(), server)
    pb.add_ReportServiceServicer_to_server(ReportServicer(app.reports), server)
    pb.add_ExportServiceServicer_to_server(pb.ExportServiceServicer(), server)
    pb.add_CredentialServiceServicer_to_server(CredentialServicer(app.credentials), server)
    internal.add_SecretServiceServicer_to_server(SecretServicer(app.credentials), server)
