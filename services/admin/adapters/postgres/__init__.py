"""Admin in PostgreSQL: each change, its facts and what depends on it in one transaction that sees one organization."""

from services.admin.adapters.postgres.api_keys import PostgresApiKeys
from services.admin.adapters.postgres.credentials import PostgresCredentials
from services.admin.adapters.postgres.database import Database
from services.admin.adapters.postgres.invitations import PostgresInvitations
from services.admin.adapters.postgres.limits import PostgresLimits
from services.admin.adapters.postgres.links import PostgresLinks
from services.admin.adapters.postgres.measurements import PostgresMeasurements, PostgresProgress
from services.admin.adapters.postgres.organizations import PostgresOrganizations
from services.admin.adapters.postgres.own_roles import PostgresOwnRoles
from services.admin.adapters.postgres.reports import PostgresReports
from services.admin.adapters.postgres.reset_requests import PostgresResetRequests
from services.admin.adapters.postgres.second_factors import PostgresSecondFactors
from services.admin.adapters.postgres.sessions import PostgresSessions
from services.admin.adapters.postgres.settings import PostgresSettings
from services.admin.adapters.postgres.users import PostgresUsers

__all__ = [
    "Database",
    "PostgresApiKeys",
    "PostgresCredentials",
    "PostgresInvitations",
    "PostgresLimits",
    "PostgresLinks",
    "PostgresMeasurements",
    "PostgresOrganizations",
    "PostgresOwnRoles",
    "PostgresProgress",
    "PostgresReports",
    "PostgresResetRequests",
    "PostgresSecondFactors",
    "PostgresSessions",
    "PostgresSettings",
    "PostgresUsers",
]
