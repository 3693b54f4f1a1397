"""Uploads in PostgreSQL: reservations of contents that last a day, and what is known of each.

The row of an upload lives as long as its reservation, by a foreign key: the document that uses it ends both, and so does the
sweeper.
"""

from kit.errors import StoreUnavailable
from kit.ids import OrganizationId
from services.memory.adapters.database import Database
from services.memory.adapters.postgres_documents import RESERVATION, RESERVE
from services.memory.domain.documents import ContentId, MediaType
from services.memory.domain.uploads import UPLOAD_KEPT, TooManyUnusedUploads, Upload

OF_UPLOADS = ""
"""The document of reservations that no document has made."""
_COUNT = "select count(*) from orphan where organization = $1 and document = $2"
_KEEP = """
with kept as (
    update orphan set due = clock_timestamp() + $6::interval where id = $1 and due > clock_timestamp() returning id
)
insert into upload (id, organization, file_name, media_type, size) select id, $2, $3, $4, $5 from kept returning true
"""
_GET = """
select upload.*, due from upload join orphan using (id) where upload.id = $2 and upload.organization = $1
    and due > clock_timestamp()
"""


class PostgresUploads:
    """Implements Uploads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def reserve_upload(self, organization: OrganizationId, id: ContentId, maximum: int) -> None:
        async with self._database.read() as connection, connection.transaction():
            await connection.execute("select pg_advisory_xact_lock(hashtextextended('uploads/' || $1, 0))", organization)
            if await connection.fetchval(_COUNT, organization, OF_UPLOADS) >= maximum:
                raise TooManyUnusedUploads(maximum)
            await connection.execute(RESERVE, id, "content", organization, OF_UPLOADS, RESERVATION)

    async def keep_upload(self, upload: Upload) -> None:
        values = (upload.id, upload.organization, upload.file_name, upload.media_type, upload.size, UPLOAD_KEPT)
        async with self._database.read() as connection:
            if not await connection.fetchval(_KEEP, *values):
                raise StoreUnavailable("mongo", f"the upload {upload.id} was reserved too long ago, and may have been swept")

    async def get_upload(self, organization: OrganizationId, id: ContentId) -> Upload | None:
        async with self._database.read() as connection:
            row = await connection.fetchrow(_GET, organization, id)
        if row is None:
            return None
        return Upload(organization, id, row["file_name"], MediaType(row["media_type"]), row["size"], row["due"])
