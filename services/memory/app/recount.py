"""Recounts of documents, texts and vectors, for the operator."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from kit import recounts
from services.memory.app import name_of
from services.memory.ports import Records, TextCounts, Vectors

BATCH = 500


@dataclass(frozen=True)
class Recounts:
    """The stores that can be recounted here."""

    records: Records
    texts: TextCounts
    vectors: Vectors

    def documents(self, full: bool = True) -> AsyncIterator[recounts.Recount]:
        """Compares the records of documents with the journal."""
        return recounts.lasting("documents", self._look_at_documents)

    def stored_texts(self, full: bool = True) -> AsyncIterator[recounts.Recount]:
        """Compares contents and published passages in MongoDB with the records."""
        return recounts.lasting("texts", self._look_at_texts)

    def stored_vectors(self, full: bool = True) -> AsyncIterator[recounts.Recount]:
        """Compares the number of vectors in Chroma with the published passages."""
        return recounts.lasting("vectors", self._look_at_vectors)

    async def _look_at_documents(self) -> tuple[int, set[str]]:
        expected = await self.records.expected()
        kept = {
            (document.organization, document.id): document async for batch in self.records.kept(BATCH) for document in batch
        }
        found = {f"{name_of(*key)} is missing." for key in expected.keys() - kept.keys()}
        found |= {f"{name_of(*key)} is not in the journal." for key in kept.keys() - expected.keys()}
        for key in expected.keys() & kept.keys():
            document = kept[key]
            if expected[key] != (document.indexed_revision, document.passage_count):
                revision, passages = expected[key]
                found.add(
                    f"{name_of(*key)} publishes revision {document.indexed_revision} with {document.passage_count} passages; "
                    f"the journal says {revision} with {passages}."
                )
        return len(expected), found

    async def _look_at_texts(self) -> tuple[int, set[str]]:
        counted, found = 0, set()
        async for batch in self.records.kept(BATCH):
            counted += len(batch)
            contents = await self.texts.contents([document.content for document in batch if document.content])
            passages = await self.texts.counts([document.edition for document in batch if document.edition])
            for document in batch:
                name = name_of(document.organization, document.id)
                if document.content and document.content not in contents:
                    found.add(f"{name} has no content.")
                if (there := passages.get(document.edition, 0)) != document.passage_count:
                    found.add(f"{name} has {there} of {document.passage_count} passages.")
        return counted, found

    async def _look_at_vectors(self) -> tuple[int, set[str]]:
        knowledge = await self.records.knowledge()
        found = set()
        for organization, passages in knowledge.items():
            if (there := await self.vectors.count(organization) or 0) != passages:
                found.add(f"organizations/{organization} has {there} vectors for {passages} passages.")
        return len(knowledge), found
