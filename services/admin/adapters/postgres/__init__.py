"""Admin in PostgreSQL: each change, its facts and what hangs on it in one transaction that sees one organization."""

from services.admin.adapters.postgres.api_keys import PostgresApiKeys
from services.admin.adapters.postgres.database import Database
from services.admin.adapters.postgres.limits import PostgresLimits
from services.admin.adapters.postgres.organizations import PostgresOrganizations
from services.admin.adapters.postgres.sessions import PostgresSessions
from services.admin.adapters.postgres.users import PostgresUsers

__all__ = [
    "Database",
    "PostgresApiKeys",
    "PostgresLimits",
    "PostgresOrganizations",
    "PostgresSessions",
    "PostgresUsers",
]
