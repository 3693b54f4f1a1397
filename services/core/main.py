"""Core's composition root: only here adapters are chosen."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from frontdesk.admin.internal import v1 as admin_internal
from frontdesk.channel.internal import v1 as channel_internal
from frontdesk.core import v1 as pb
from frontdesk.core.internal import v1 as core_internal
from frontdesk.memory.internal import v1 as memory_internal
from redis.asyncio import Redis

from kit import (
    client,
    erasure,
    feeds,
    ids,
    journal,
    metrics,
    migrations,
    names,
    postgres,
    resealing,
    revocations,
    service,
    shares,
)
from kit.caller import Signer
from kit.ids import OrganizationId
from kit.jobs import Job
from kit.jobs.dead_letters import Below
from kit.jobs.table import Jobs
from kit.jobs.worker import JobWorker
from kit.metrics import Kind, Metric, Series
from kit.vault import Vault
from services.core import followers, rpc
from services.core.adapters import budgets, postgres_tables
from services.core.adapters.assistants import ChosenAssistants, Installation, OneAssistant
from services.core.adapters.breakers import Breakers
from services.core.adapters.budgets import PostgresBudgets
from services.core.adapters.customers import PostgresCustomers
from services.core.adapters.dispatches import PostgresDispatches
from services.core.adapters.erasures import ERASURES, PostgresErasures
from services.core.adapters.extractive import ExtractiveAssistant
from services.core.adapters.facts import JournalFacts
from services.core.adapters.memory import MemoryKnowledge
from services.core.adapters.merges import PostgresMerges
from services.core.adapters.past import PostgresPast
from services.core.adapters.postgres import PostgresConversations
from services.core.adapters.postgres_evaluations import EVALUATIONS, PostgresEvaluationRuns
from services.core.adapters.postgres_questions import PostgresQuestionSets
from services.core.adapters.postgres_tables import PostgresTables
from services.core.adapters.prompts import ChatPrompts
from services.core.adapters.queues import QUEUES
from services.core.adapters.redis import RedisRelay
from services.core.adapters.references import PostgresReferences
from services.core.adapters.replicas import PostgresReplicas
from services.core.adapters.secrets import StoredSecrets
from services.core.adapters.setting_versions import AdminSettingVersions, NoSettingVersions
from services.core.adapters.silent import SilentRelay
from services.core.adapters.steps import PostgresTurnSteps
from services.core.adapters.summaries import SUMMARIES, PostgresSummaries
from services.core.app import App
from services.core.app.admission import Admission
from services.core.app.budget import Budget
from services.core.app.changes import Changes
from services.core.app.customers import CustomerApp
from services.core.app.evaluating import Evaluator
from services.core.app.evaluations import EvaluationApp
from services.core.app.live import LiveConversations
from services.core.app.lookups import Lookups
from services.core.app.model_trials import ModelTrials
from services.core.app.outages import Patience
from services.core.app.policies import Policies
from services.core.app.recalls import Recalls
from services.core.app.replies import ReplyApp
from services.core.app.retention import ConversationRetention
from services.core.app.rights import Rights
from services.core.app.steps import StepApp
from services.core.app.summaries import Summarizer
from services.core.app.transcripts import Transcription
from services.core.app.turns import POLL_SECONDS, Turns
from services.core.convert.facts import fact_to_pb
from services.core.convert.policy import values_from_pb
from services.core.domain import Change, ConversationId, CustomerId, price_of, prices
from services.core.domain.policy import Standing
from services.core.ports.assistant import Assistant, Assistants, SettingVersions
from services.core.ports.live import Relay
from services.core.settings import Settings

if TYPE_CHECKING:
    from services.core.adapters.mongo import MongoTranscripts

NEWS_LINGER_SECONDS = 0.05
TRANSCRIPTS = "transcripts"
FOLLOWERS = ("agent", "channel")
"""Which other services keep something of customers: each confirms that it has erased it."""

TURNS = Metric(
    "frontdesk.turns",
    Kind.COUNTER,
    "{turn}",
    "Turns that commits of this process brought into a state; done is an answer.",
    ("state",),
)
RUNNING = Metric("frontdesk.turns.running", Kind.UP_DOWN_COUNTER, "{turn}", "Places for turns that are taken in this process.")
TOKENS = Metric(
    "frontdesk.model.tokens",
    Kind.COUNTER,
    "{token}",
    "Tokens that the model's provider counted, or an estimate for calls that broke off; by direction, input or output.",
    ("direction",),
)
COST = Metric(
    "frontdesk.model.cost",
    Kind.COUNTER,
    "{currency}",
    "Cost of the model's calls, in the currency of its prices; 0 for a model without.",
)
SUSPENDS = "OrganizationStateChanged"
"""Of admin's facts, the one that says whether an organization is active."""


@asynccontextmanager
async def build(settings: Settings) -> AsyncIterator[service.Service]:
    """Opens the stores and puts the service together."""
    async with AsyncExitStack() as stack:
        pool = await stack.enter_async_context(postgres.open_pool(settings.postgres_url, more=postgres.POINT_LOOKUP_PLANS))
        await migrations.apply(pool, "core")
        now = await postgres.database_clock(pool)
        redis = Redis.from_url(url) if (url := settings.redis_url.get_secret_value()) else None
        if redis is not None:
            stack.push_async_callback(redis.aclose)
        memory = client.dial(settings.memory_url, ["frontdesk.memory.v1.PassageService", *memory_internal.SERVICES])
        stack.push_async_callback(memory.close)
        draining = asyncio.Event()
        lease = timedelta(seconds=settings.lease_seconds)
        log = journal.Journal(pool, "core", fact_to_pb, redis, journal.states(core_internal))
        conversations = PostgresConversations(pool, log, now, lease)
        me = ids.new()
        redis_relay = RedisRelay(url, redis, me) if redis is not None else None
        relay: Relay = redis_relay or SilentRelay()
        rights = Rights(PostgresReplicas(pool), relay, me, postgres.UNAVAILABLE_ERRORS)
        live_conversations = LiveConversations(conversations, relay, rights, now)
        changes = Changes(conversations)
        assistant, of_provider, breakers = await _assistant(settings, stack)
        signer = Signer.load(settings.keys_dir, "core")
        policies = Policies()

        def standing(organization: str, active: bool) -> None:
            policies.change(OrganizationId(organization), standing=Standing.ACTIVE if active else Standing.SUSPENDED)

        knowledge, steps = MemoryKnowledge(memory, signer, settings.context_tokens), PostgresTurnSteps(pool, log)
        recalls = Recalls(knowledge)
        patience = Patience(postgres.UNAVAILABLE_ERRORS)
        price = partial(price_of, own=prices(settings.model_prices))
        budget = Budget(
            PostgresBudgets(pool, now), settings.budget, price, patience, policies, context_tokens=settings.context_tokens
        )
        admission = Admission(settings.max_turns, settings.max_turns_per_organization, policies=policies)
        assistants: Assistants = OneAssistant(assistant)
        secrets, to_admin = None, None
        versions: SettingVersions = NoSettingVersions()
        if settings.admin_url:
            to_admin = await stack.enter_async_context(client.dial(settings.admin_url, admin_internal.SERVICES))
            versions = AdminSettingVersions(admin_internal.SettingServiceStub(to_admin), signer, values_from_pb)
            vault = Vault(settings.keys_dir / "core.secrets")
            secrets = StoredSecrets(pool, vault, admin_internal.SecretServiceStub(to_admin), signer)
            asking = settings.openai_first_token_seconds, settings.openai_silent_seconds, settings.context_of
            assistants = chosen = ChosenAssistants(assistant, of_provider, secrets, settings.policy(), *asking)
            stack.push_async_callback(chosen.close)
        lookups = Lookups(recalls, budget, now, settings.openai_query_seconds, settings.openai_judge_seconds)
        jobs = Jobs(pool, "core", redis)
        summarizer = Summarizer(
            *(
                conversations,
                PostgresSummaries(pool, jobs, log),
                assistants,
                budget,
                policies,
                now,
                settings.openai_summary_seconds,
            )
        )
        turns = Turns(
            *(conversations, lookups, assistants, changes, live_conversations, rights, now, draining, admission, budget, lease),
            *(patience, policies),
            steps=steps,
            summarizer=summarizer,
            reply_seconds=settings.reply_seconds,
        )
        step_app = StepApp(
            *(conversations, steps, knowledge, versions, ChatPrompts(), now),
            keep=timedelta(days=settings.turn_step_days),
        )
        prompts = ChatPrompts()
        replies = ReplyApp(lookups, assistants, budget, policies, admission, versions, prompts, now, settings.reply_seconds)
        states: Counter[str] = Counter()

        def count(change: Change) -> None:
            states.update(turn.state.lower() for turn in change.turns)

        changes.listeners.extend([rights.committed, live_conversations.committed, turns.committed, count])
        series = [
            *postgres.series(pool),
            *postgres.queues(pool, QUEUES),
            *breakers,
            metrics.by(TURNS, "state", states),
            metrics.number(RUNNING, lambda: admission.running),
            metrics.by(TOKENS, "direction", budget.spent.tokens),
            metrics.number(COST, lambda: budget.spent.micros / 1e6),
        ]
        customers, dispatches = PostgresCustomers(pool, log), PostgresDispatches(pool)
        app = App(
            *(conversations, customers, dispatches, changes, live_conversations, rights, now, admission),
            *(recalls.begin, policies, settings.chosen_assistant != "extractive"),
        )
        transcripts = await _transcripts(settings, stack)
        series += jobs.series()
        erasures = PostgresErasures(pool, log, jobs, (*FOLLOWERS, TRANSCRIPTS) if transcripts else FOLLOWERS)
        customer_app = CustomerApp(
            *(conversations, customers, customers, PostgresMerges(pool, log), erasures, changes, live_conversations),
            *(rights, now),
        )

        conversation_retention = ConversationRetention(erasures, changes, rights, policies, now)

        async def finish_erasure(job: Job) -> None:
            if job.subject.startswith("conversations/"):
                await conversation_retention.erase(job.organization, ConversationId(names.last(job.subject)))
            else:
                await customer_app.finish_erasure(job.organization, CustomerId(names.last(job.subject)))

        eraser = JobWorker(jobs, ERASURES, finish_erasure, draining, postgres.UNAVAILABLE_ERRORS)
        runs = PostgresEvaluationRuns(pool, jobs)
        evaluation_app = EvaluationApp(
            PostgresQuestionSets(pool), runs, versions, policies, timedelta(days=settings.evaluation_run_days)
        )
        evaluator = JobWorker(jobs, EVALUATIONS, Evaluator(runs, replies, draining).run, draining, postgres.UNAVAILABLE_ERRORS)
        summaries = JobWorker(jobs, SUMMARIES, summarizer.write, draining, postgres.UNAVAILABLE_ERRORS)
        references = PostgresReferences(pool)
        verified = journal.Verified(pool, TRANSCRIPTS)
        own_facts = JournalFacts(log, references, verified, PostgresPast(pool, verified))
        confirm = partial(erasures.confirm, store=TRANSCRIPTS)
        transcription = Transcription(own_facts, transcripts, confirm, conversations.among, conversations.named, now)
        verifications = (postgres_tables.NAME, TRANSCRIPTS) if transcripts else (postgres_tables.NAME,)
        retention = journal.Retention(pool, core_internal, settings.journal_days, verifications)
        workers: list[service.Worker] = [
            now.keep,
            log.hear,
            service.Every(
                journal.RETENTION_SECONDS,
                retention.sweep,
                busy=journal.BUSY_SECONDS,
                unavailable=postgres.UNAVAILABLE_ERRORS,
            ),
            service.Every(
                journal.RETENTION_SECONDS, step_app.sweep, busy=journal.BUSY_SECONDS, unavailable=postgres.UNAVAILABLE_ERRORS
            ),
            service.Every(
                journal.RETENTION_SECONDS,
                evaluation_app.sweep,
                busy=journal.BUSY_SECONDS,
                unavailable=postgres.UNAVAILABLE_ERRORS,
            ),
            jobs.hear,
            eraser,
            evaluator,
            summaries,
            service.Every(POLL_SECONDS, turns.claim, unavailable=postgres.UNAVAILABLE_ERRORS, draining=draining),
            service.Every(lease.total_seconds() / 3, turns.extend, rests_first=True, unavailable=postgres.UNAVAILABLE_ERRORS),
            service.Every(
                settings.retention_sweep_seconds, conversation_retention.sweep, unavailable=postgres.UNAVAILABLE_ERRORS
            ),
            rights.keep,
            partial(_news, log, pool, live_conversations),
            partial(_drain, draining, live_conversations),
        ]
        revoked = revocations.Revocations()
        of_core = revocations.own_journal(log, core_internal)
        followed = [revocations.feed(revoked, "core", core_internal, of_core, revocations.CUSTOMERS, None)]
        if secrets is not None and to_admin is not None:
            facts = admin_internal.EventServiceStub(to_admin)
            opened = feeds.opener(facts.WatchEvents, signer)
            followed.append(revocations.feed(revoked, "admin", admin_internal, opened, revocations.USERS, pool))
            followed.append(revocations.suspensions(revoked, "admin", admin_internal, opened, SUSPENDS, pool, standing))
            followed.append(followers.settings_feed(policies, secrets, opened, pool))
            followed.append(followers.businesses_feed(policies, opened, pool))
            workers += [
                secrets.follow,
                service.Every(resealing.SECONDS, secrets.reseal, unavailable=postgres.UNAVAILABLE_ERRORS),
            ]
            rows, quiet = erasure.Rows(pool), timedelta(seconds=settings.erasure_quiet_seconds)
            of_transcripts = (transcripts.erase,) if transcripts is not None else ()
            stores = (rows.erase, *of_transcripts, rows.erase_events)
            erasing = erasure.workers(
                *(pool, jobs, stores, quiet, admin_internal, to_admin, signer, SUSPENDS, draining),
                postgres.UNAVAILABLE_ERRORS,
            )
            workers += erasing
            zones = journal.Source(facts.WatchEvents, budgets.ZONES, signer.service_token, lambda organization: None)
            workers.append(partial(journal.follow, pool, "admin", zones, budgets.zone_handler()))
            series += zones.following.series("admin", "zones")
        if settings.channel_url:
            told = channel_internal.EventServiceStub(await stack.enter_async_context(client.dial(settings.channel_url)))
            opened = feeds.opener(told.WatchEvents, signer)
            followed.append(revocations.feed(revoked, "channel", channel_internal, opened, revocations.CUSTOMERS, pool))
        if redis_relay is not None:
            workers += [redis_relay.count, partial(redis_relay.hear, live_conversations, rights)]
        if transcripts is not None:
            workers.append(partial(shares.share, pool, "transcripts", transcription.follow))
            series += own_facts.following.series("core", "transcripts")
        yield service.Service(
            name="core",
            register=partial(
                rpc.register,
                app=app,
                customer_app=customer_app,
                journal=log,
                draining=draining,
                transcription=transcription,
                references=references,
                tables=PostgresTables(pool),
                jobs=jobs,
                dead_letters_below=Below(("memory",), memory_internal, memory, signer),
                reply_app=replies,
                model_trials=ModelTrials(assistants, budget, now),
                step_app=step_app,
                evaluation_app=evaluation_app,
            ),
            services=(*pb.SERVICES, *core_internal.SERVICES),
            workers=workers,
            unavailable=postgres.UNAVAILABLE_ERRORS,
            revocations=revoked,
            feeds=followed,
            series=series,
            draining=draining,
        )
        await asyncio.gather(
            *(worker.drain(timedelta(seconds=settings.drain_seconds)) for worker in (eraser, evaluator, summaries))
        )
        async with asyncio.timeout(settings.drain_seconds):
            await turns.drain()


async def _assistant(settings: Settings, stack: AsyncExitStack) -> tuple[Assistant, Installation, list[Series]]:
    """The installation's assistant, what makes others of its provider, and the state of its breaker."""
    if settings.chosen_assistant == "extractive":
        return ExtractiveAssistant(settings.extractive_word_seconds), lambda *_: None, []
    # takes a second and 16 MB, which the other need not pay
    from services.core.adapters.openai import TEMPERATURE, OpenAIAssistant

    url, key = settings.openai_base_url, settings.openai_api_key.get_secret_value()
    patience, silent = settings.openai_first_token_seconds, settings.openai_silent_seconds

    breakers = Breakers()

    def of_model(model: str, temperature: float | None, most: int) -> OpenAIAssistant:
        return OpenAIAssistant(
            *(url, key, model, most, patience),
            temperature=temperature,
            breaker=breakers.of(url, key, model),
            silent_seconds=silent,
            context_tokens=settings.context_of(model),
        )

    assistant = of_model(settings.openai_model, TEMPERATURE, settings.openai_max_tokens)
    stack.push_async_callback(assistant.close)
    return assistant, of_model, [metrics.breaker("model", lambda: assistant.breaker.is_open)]


async def _transcripts(settings: Settings, stack: AsyncExitStack) -> "MongoTranscripts | None":
    if not (url := settings.mongo_url.get_secret_value()):
        return None
    from services.core.adapters import mongo  # half a second and 20 MB, which a core without transcripts need not pay

    return mongo.MongoTranscripts(await stack.enter_async_context(mongo.open_database(url)))


async def _news(log: journal.Journal, pool: postgres.Pool, live_conversations: LiveConversations) -> None:
    """A worker: notifies watchers here of commits anywhere."""
    now: dict[int, int] = {row["shard"]: row["position"] for row in await pool.fetch("select shard, position from shard")}
    async for records in log.watch(now, linger=NEWS_LINGER_SECONDS, elsewhere=True):
        for record in records:
            moved = core_internal.Event.FromString(record.payload).conversation
            if moved.name:  # else it is a customer's
                live_conversations.news(ConversationId(names.last(moved.name)), moved.last_seq, moved.revision)


async def _drain(draining: asyncio.Event, live_conversations: LiveConversations) -> None:
    """A worker: ends the streams when the process drains."""
    await draining.wait()
    live_conversations.end_all()
