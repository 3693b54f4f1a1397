"""The composition root of the memory service."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from frontdesk.admin.internal import v1 as internal
from frontdesk.memory import v1 as pb

from kit import client, metrics, revocations
from kit.caller import Signer
from kit.clock import utc_now
from kit.service import Service, Worker
from services.memory import rpc
from services.memory.adapters import mongo
from services.memory.adapters.chroma import ChromaVectors
from services.memory.adapters.exact import ExactRetriever
from services.memory.adapters.mongo_documents import MongoDocuments
from services.memory.adapters.mongo_knowledge import MongoKnowledge
from services.memory.adapters.openai_embedder import OpenAiEmbedder
from services.memory.adapters.pages import WebPages
from services.memory.adapters.reader import ChildReader
from services.memory.adapters.redis_hints import LocalHints, RedisHints
from services.memory.adapters.stores import RetrieverBySize, StoresRetriever
from services.memory.adapters.watch import KnowledgeWatch
from services.memory.app import App
from services.memory.app.background import IndexWorker, SyncWorker, Wakeup
from services.memory.app.indexing import Indexer, Synchronizer
from services.memory.ports import Hints
from services.memory.settings import Settings


@asynccontextmanager
async def build(settings: Settings) -> AsyncIterator[Service]:
    """Opens what the service needs and gives the service."""
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(mongo.open_database(settings.mongo_url.get_secret_value()))
        await mongo.prepare(database)
        embedder = OpenAiEmbedder(
            settings.embeddings_url, settings.embeddings_model, settings.embeddings_api_key.get_secret_value()
        )
        vectors = ChromaVectors(settings.chroma_url, settings.embeddings_model)
        stack.callback(embedder.close)
        stack.callback(vectors.close)
        documents, knowledge = MongoDocuments(database), MongoKnowledge(database)
        watch = KnowledgeWatch(knowledge)
        hints, listeners = await _hints(stack, settings, watch)
        draining, waiting, changed = asyncio.Event(), Wakeup(), Wakeup()
        exact = ExactRetriever(knowledge, watch, settings.embeddings_model, settings.exact_bytes)
        stores = StoresRetriever(knowledge, watch, vectors, knowledge)
        app = App(
            documents=documents,
            knowledge=knowledge,
            retriever=RetrieverBySize(watch, exact, stores, settings.exact_passages),
            embedder=embedder,
            hints=hints,
            wake=waiting.ring,
            now=utc_now,
        )
        indexer = Indexer(
            documents=documents,
            indexing=documents,
            reader=ChildReader(),
            pages=WebPages(settings.policy()),
            embedder=embedder,
            hints=hints,
            now=utc_now,
        )
        indexing = IndexWorker(indexer, draining, waiting, changed.ring)
        synchronizer = Synchronizer(knowledge, knowledge, vectors, embedder, hints)
        syncing = SyncWorker(synchronizer, lambda: watch.used, draining, changed)
        revoked_by = []
        if settings.admin_url:
            facts = internal.EventServiceStub(await stack.enter_async_context(client.dial(settings.admin_url)))
            signer = Signer.load(settings.keys_dir, "memory")
            revoked_by.append(revocations.feed_of("admin", facts.WatchEvents, internal.WatchEventsRequest, signer))
        yield Service(
            name="memory",
            register=partial(rpc.register, app=app),
            services=(*pb.SERVICES, *internal.SERVICES),
            workers=(*[indexing.run] * settings.index_workers, syncing.run, watch.run, *listeners),
            revoked_by=revoked_by,
            series=(
                *metrics.queues(documents.backlog),
                embedder.lookups.series("query vectors"),
                exact.lookups.series("exact copies"),
                metrics.breaker("embeddings", lambda: embedder.down),
            ),
            draining=draining,
        )


async def _hints(stack: AsyncExitStack, settings: Settings, watch: KnowledgeWatch) -> tuple[Hints, list[Worker]]:
    url = settings.redis_url.get_secret_value()
    if not url:
        return LocalHints(watch.forget), []
    from redis.asyncio import Redis  # 10 MB that only this needs

    redis = Redis.from_url(url, socket_connect_timeout=0.5)
    stack.push_async_callback(redis.aclose)
    hints = RedisHints(redis, watch.forget)
    return hints, [hints.run]
