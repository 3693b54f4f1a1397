"""Admin's contract served: one servicer per service of the contract.

RPCs of the contract that are not built yet stay on the generated servicers, which answer UNIMPLEMENTED: the audit log, reports
and exports.
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
from services.admin.rpc.keys import ApiKeyServicer
from services.admin.rpc.people import OrganizationServicer, UserServicer
from services.admin.rpc.roles import RoleServicer
from services.admin.rpc.settings import SettingServicer


def register(server: grpc.aio.Server, app: App, journal: Journal, draining: asyncio.Event, trusted_hops: int) -> None:
    """Adds all of admin's servicers to a server."""
    pb.add_AuthServiceServicer_to_server(AuthServicer(app, trusted_hops), server)
    organizations = OrganizationServicer(app)
    pb.add_OrganizationServiceServicer_to_server(organizations, server)
    internal.add_OrganizationServiceServicer_to_server(organizations, server)
    pb.add_UserServiceServicer_to_server(UserServicer(app), server)
    pb.add_RoleServiceServicer_to_server(RoleServicer(app.roles), server)
    pb.add_ApiKeyServiceServicer_to_server(ApiKeyServicer(app), server)
    servicers.add_event_service(server, internal, journal, draining)
    pb.add_SettingServiceServicer_to_server(SettingServicer(app.settings), server)
    pb.add_AuditServiceServicer_to_server(pb.AuditServiceServicer(), server)
    pb.add_ReportServiceServicer_to_server(pb.ReportServiceServicer(), server)
    pb.add_ExportServiceServicer_to_server(pb.ExportServiceServicer(), server)
    pb.add_CredentialServiceServicer_to_server(CredentialServicer(app.credentials), server)
    internal.add_SecretServiceServicer_to_server(SecretServicer(app.credentials), server)
