"""The results of a crawl's pages, and what they mean for their documents, within the transaction of a step."""

from dataclasses import replace

from kit.clock import Clock
from kit.ids import OrganizationId
from kit.journal import Transaction
from services.memory.adapters.postgres_documents import PostgresDocuments, locked
from services.memory.domain.documents import Change, Document, DocumentId, Source, SourceKind, revise
from services.memory.domain.problems import DocumentNotFound, TooManyDocuments
from services.memory.domain.sites import PageState, Problem
from services.memory.ports.sites import Item, Reading, Step, is_lost

RESULT = """
update crawl_page set state = $5, reason = $6, message = $7, document = $8, address = $9, position = $10, tries = tries + 1,
    read = clock_timestamp()
where organization = $1 and site = $2 and crawl = $3 and id = $4
"""
_KNOW = """
insert into site_page (organization, site, id, address, document, etag, modified, digest, links)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (organization, site, id) do update set address = $4, document = $5, etag = $6, modified = $7, digest = $8,
    links = $9, missing = 0
"""
_MISS = "update site_page set missing = missing + 1 where organization = $1 and site = $2 and id = $3"
FORGET = "delete from site_page where organization = $1 and site = $2 and id = $3"


class CrawledPages:
    """Pages with their documents."""

    def __init__(self, documents: PostgresDocuments, now: Clock, max_documents: int) -> None:
        self._documents = documents
        self._now = now
        self._max_documents = max_documents

    async def keep(self, writing: Transaction, step: Step, item: Item, reading: Reading, position: int) -> Reading:
        """Stores the result of an item, and what it means for the page's document."""
        connection = writing.connection
        organization, site, crawl = step.site.organization, step.site.id, step.crawl.id
        document = step.known.document if step.known else DocumentId("")
        address = reading.address or item.address
        match reading.state:
            case PageState.NEW | PageState.CHANGED:
                assert reading.content is not None
                document = reading.content.document
                try:
                    async with connection.transaction():
                        is_new = await self._store(writing, step, address, reading)
                        reading = replace(reading, state=PageState.NEW if is_new else PageState.CHANGED)
                except TooManyDocuments as error:
                    failed = Problem(error.reason, error.message)
                    reading, document = replace(reading, state=PageState.FAILED, problem=failed), DocumentId("")
            case PageState.SKIPPED if document and not is_lost(step):
                assert reading.problem is not None
                kept_for = f"{reading.problem.message} Its document is kept unless the next crawl finds the same."
                reading = replace(reading, problem=replace(reading.problem, message=kept_for))
                await connection.execute(_MISS, organization, site, item.id)
            case PageState.GONE | PageState.SKIPPED:
                if document:
                    await self.delete_document(writing, organization, document)
                    await connection.execute(FORGET, organization, site, item.id)
                document = DocumentId("")
        if reading.state in (PageState.NEW, PageState.CHANGED, PageState.UNCHANGED):
            kept = (reading.etag, reading.modified, reading.digest, list(reading.links))
            await connection.execute(_KNOW, organization, site, item.id, address, document, *kept)
        elif reading.state is PageState.FAILED and reading.problem and reading.problem.reason == "NOT_FOUND":
            await connection.execute(_MISS, organization, site, item.id)
        problem = reading.problem or Problem("", "")
        told = (reading.state, problem.reason, problem.message, document, address)
        await connection.execute(RESULT, organization, site, crawl, item.id, *told, position)
        return reading

    async def _store(self, writing: Transaction, step: Step, address: str, reading: Reading) -> bool:
        """Creates or changes the document of a page; whether it is new."""
        content, now = reading.content, self._now()
        assert content is not None
        source = Source(SourceKind.WEB, content.media_type, uri=address)
        try:
            before = await locked(writing.connection, step.site.organization, content.document)
        except DocumentNotFound:
            document = Document(
                organization=step.site.organization,
                id=content.document,
                title=content.title,
                title_given=False,
                uri="",
                source=source,
                created=now,
                updated=now,
                content=content.content,
                size=content.size,
                site=step.site.id,
            )
            await self._documents.create_within(writing, document, f"sites/{content.document}", self._max_documents)
            return True
        changed = replace(revise(before, Change(source=source), now), content=content.content, size=content.size)
        await self._documents.replace_within(writing, changed, before)
        return False

    async def delete_document(self, writing: Transaction, organization: OrganizationId, id: DocumentId) -> None:
        """Deletes a document, if it is there."""
        try:
            document = await locked(writing.connection, organization, id)
        except DocumentNotFound:
            return
        await self._documents.delete_within(writing, document)
