"""The composition root of the memory service."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial

from frontdesk.admin.internal import v1 as admin
from frontdesk.memory import v1 as pb
from frontdesk.memory.internal import v1 as internal
from redis.asyncio import Redis

from kit import client, erasure, feeds, metrics, migrations, postgres, revocations
from kit.caller import Signer
from kit.clock import utc_now
from kit.errors import StoreUnavailable
from kit.jobs.table import Jobs
from kit.jobs.worker import JobWorker
from kit.journal import BUSY_SECONDS, RETENTION_SECONDS, Journal, Retention, states
from kit.service import Every, Service, Worker
from services.memory import convert, rpc
from services.memory.adapters import mongo
from services.memory.adapters.chroma import ChromaVectors
from services.memory.adapters.database import Database
from services.memory.adapters.document_feed import JournalDocumentFeed
from services.memory.adapters.erasures import OrganizationTexts
from services.memory.adapters.exact import Copies
from services.memory.adapters.mongo_texts import MongoTexts
from services.memory.adapters.openai_embedder import OpenAiEmbedder
from services.memory.adapters.pages import WebPages
from services.memory.adapters.postgres_crawling import PostgresCrawling
from services.memory.adapters.postgres_documents import PostgresDocuments
from services.memory.adapters.postgres_indexing import PostgresIndexing
from services.memory.adapters.postgres_sites import PostgresSites
from services.memory.adapters.postgres_uploads import PostgresUploads
from services.memory.adapters.published import PublishedKnowledge
from services.memory.adapters.reading import ChildReader
from services.memory.adapters.records import PostgresRecords
from services.memory.adapters.redis_hints import LocalHints, RedisHints
from services.memory.adapters.retriever import PassageRetriever
from services.memory.adapters.scanning import ChildScanner
from services.memory.adapters.site_web import HttpSiteWeb
from services.memory.adapters.stores import Stores
from services.memory.adapters.watch import KnowledgeWatch
from services.memory.app import App
from services.memory.app.background import SyncWorker, Wakeup
from services.memory.app.crawling import Crawler
from services.memory.app.indexing import Indexer, Synchronizer
from services.memory.app.recount import Recounts
from services.memory.app.sites import SiteApp
from services.memory.app.sweeping import Sweeper
from services.memory.app.uploads import UploadApp
from services.memory.ports import INDEXING, Hints
from services.memory.ports.sites import CRAWLS
from services.memory.settings import Settings

SWEEP_SECONDS = 2.0
"""How long the sweeper rests when there is nothing more to delete."""
DRAIN = timedelta(seconds=1)
"""How long an indexing may still run when the calls have drained; another process begins it again."""
_UNAVAILABLE = (*postgres.UNAVAILABLE_ERRORS, TimeoutError, StoreUnavailable)
SUSPENDS = "OrganizationStateChanged"
"""Of admin's facts, the one that says whether an organization is active."""


@asynccontextmanager
async def build(settings: Settings) -> AsyncIterator[Service]:
    """Opens what the service needs and gives the service."""
    async with AsyncExitStack() as stack:
        pool = await stack.enter_async_context(postgres.open_pool(settings.postgres_url))
        await migrations.apply(pool, "memory")
        collections = await stack.enter_async_context(mongo.open_database(settings.mongo_url.get_secret_value()))
        await mongo.prepare(collections)
        embedder = OpenAiEmbedder(
            settings.embeddings_url, settings.embeddings_model, settings.embeddings_api_key.get_secret_value()
        )
        vectors = ChromaVectors(settings.chroma_url, settings.embeddings_model)
        stack.callback(embedder.close)
        stack.callback(vectors.close)
        redis = await _redis(stack, settings)
        own, jobs = Journal(pool, "memory", convert.fact_to_pb, redis, states(internal)), Jobs(pool, "memory", redis)
        database, texts = Database(pool, own), MongoTexts(collections)
        documents, knowledge = PostgresDocuments(database, jobs), PublishedKnowledge(database, texts, settings.embeddings_model)
        uploads = PostgresUploads(database)
        watch = KnowledgeWatch(knowledge)
        hints: Hints = LocalHints(watch.forget) if redis is None else RedisHints(redis, watch.forget)
        revoked = revocations.Revocations()
        draining, changed = asyncio.Event(), Wakeup()
        copies = Copies(knowledge, settings.embeddings_model, settings.exact_bytes, settings.exact_passages)
        stores = Stores(knowledge, vectors, knowledge)
        queue = replace(INDEXING, max_running=settings.index_workers)
        app = App(
            documents=documents,
            uploads=uploads,
            texts=texts,
            knowledge=knowledge,
            retriever=PassageRetriever(knowledge, watch, copies, stores, settings.embeddings_model),
            embedder=embedder,
            hints=hints,
            wake=partial(jobs.wake, queue),
            now=utc_now,
        )
        indexer = Indexer(
            texts=texts,
            indexing=PostgresIndexing(database, jobs),
            reader=ChildReader(),
            pages=WebPages(settings.policy()),
            embedder=embedder,
            hints=hints,
            now=utc_now,
            indexed=changed.ring,
        )
        sites = SiteApp(PostgresSites(database, jobs), partial(jobs.wake, CRAWLS), utc_now)
        synchronizer = Synchronizer(knowledge, knowledge, texts, vectors, embedder, hints)
        workers: list[Worker] = [
            SyncWorker(synchronizer, lambda: watch.used, draining, changed).run,
            Every(
                SWEEP_SECONDS,
                Sweeper(documents, texts, timedelta(days=settings.former_passage_days)).sweep,
                unavailable=(StoreUnavailable,),
                draining=draining,
            ),
            watch.run,
            own.hear,
            Every(
                RETENTION_SECONDS,
                Retention(pool, internal, settings.journal_days).sweep,
                busy=BUSY_SECONDS,
                unavailable=_UNAVAILABLE,
            ),
            jobs.hear,
        ]
        if settings.index_workers:
            indexing = JobWorker(jobs, queue, indexer.run, draining, _UNAVAILABLE)
            workers.append(indexing)
            stack.push_async_callback(indexing.drain, DRAIN)
        if settings.crawl_workers:
            crawler = Crawler(
                crawling=PostgresCrawling(database, jobs, documents, utc_now, app.max_documents),
                web=HttpSiteWeb(settings.policy()),
                scanner=ChildScanner(),
                documents=documents,
                texts=texts,
                hints=hints,
                wake=app.wake,
                pause=timedelta(seconds=settings.crawl_pause_seconds),
                is_closed=revoked.is_closed,
            )
            crawl_queue = replace(CRAWLS, max_running=settings.crawl_workers)
            crawling = JobWorker(jobs, crawl_queue, crawler.run, draining, _UNAVAILABLE)
            workers.append(crawling)
            stack.push_async_callback(crawling.drain, DRAIN)
        if isinstance(hints, RedisHints):
            workers.append(hints.run)
        followed = []
        if settings.admin_url:
            to_admin = await stack.enter_async_context(client.dial(settings.admin_url, admin.SERVICES))
            facts = admin.EventServiceStub(to_admin)
            signer = Signer.load(settings.keys_dir, "memory")
            opened = feeds.opener(facts.WatchEvents, signer)
            followed.append(revocations.feed(revoked, "admin", admin, opened, revocations.USERS, pool))
            followed.append(revocations.suspensions(revoked, "admin", admin, opened, SUSPENDS, pool))
            rows, quiet = erasure.Rows(pool), timedelta(seconds=settings.erasure_quiet_seconds)
            elsewhere = OrganizationTexts(pool, texts, vectors)
            erasing = erasure.workers(
                *(pool, jobs, (elsewhere.erase, rows.erase, rows.erase_events), quiet, admin, to_admin, signer, SUSPENDS),
                *(draining, _UNAVAILABLE),
            )
            workers += erasing
            stack.push_async_callback(erasing[1].drain, DRAIN)
        yield Service(
            name="memory",
            register=partial(
                rpc.register,
                app=app,
                uploads=UploadApp(uploads, texts, utc_now),
                feed=JournalDocumentFeed(own, documents, draining),
                sites=sites,
                journal=own,
                draining=draining,
                recounts=Recounts(PostgresRecords(database), texts, vectors),
                jobs=jobs,
            ),
            services=(*pb.SERVICES, *internal.SERVICES),
            workers=workers,
            unavailable=postgres.UNAVAILABLE_ERRORS,
            revocations=revoked,
            feeds=followed,
            series=(
                *postgres.series(pool),
                *jobs.series(),
                embedder.lookups.series("query vectors"),
                copies.lookups.series("exact copies"),
                metrics.breaker("embeddings", lambda: embedder.down),
            ),
            draining=draining,
        )


async def _redis(stack: AsyncExitStack, settings: Settings) -> "Redis | None":
    url = settings.redis_url.get_secret_value()
    if not url:
        return None
    redis = Redis.from_url(url, socket_connect_timeout=0.5)
    stack.push_async_callback(redis.aclose)
    return redis
