"""Copies of organizations' passages in this process.

Each is loaded from the truth at the first search, and brought up to date by the documents that changed, whenever the knowledge
version has.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from dataclasses import dataclass
from functools import partial

from kit.errors import StoreUnavailable
from kit.ids import OrganizationId
from kit.metrics import Lookups
from services.memory.adapters.copies import Copy, empty, updated
from services.memory.adapters.parts import PartBuilder
from services.memory.ports import Knowledge, KnowledgeState

EXACT_PASSAGES = 100_000
BUDGET = 192 << 20
MAX_TEXTS = 10_000
"""Organizations of at most so many passages have their texts in the copy, which spares a millisecond of reading them."""
PATIENCE_SECONDS = 1.0
"""A search waits so long for a copy that is being loaded, then asks the stores. Copies of 5,000 passages are loaded by then."""
WORDS_BYTES = 560
VECTOR_BYTES = 440
"""About what a passage takes: before it is loaded, nothing more is known than how many there are."""

_log = logging.getLogger("memory.copies")


@dataclass(frozen=True, slots=True)
class _Loading:
    task: asyncio.Task[Copy]
    since: float


class Copies:
    """Holds the copies of the organizations searched last, within a budget of bytes."""

    def __init__(
        self,
        knowledge: Knowledge,
        model: str,
        budget: int = BUDGET,
        most: int = EXACT_PASSAGES,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        """`most`: of larger organizations the copies have no vectors."""
        self._knowledge = knowledge
        self._model = model
        self._budget = budget
        self._most = most
        self._patience = patience
        self._copies: OrderedDict[OrganizationId, Copy] = OrderedDict()
        self._loading: dict[OrganizationId, _Loading] = {}
        self.lookups = Lookups()
        """Of copies of the present version."""

    async def get(self, organization: OrganizationId, state: KnowledgeState, model: str = "") -> Copy | None:
        """The copy of a state; None: it is too large for the budget, or not loaded yet. Callers at the same time wait for the
        same loading, which continues without them. `model`: the one whose vectors are compared; "" for none."""

        def fits(copy: Copy) -> bool:
            return copy.version >= state.version and (not model or copy.model == model)

        copy = self._copies.get(organization)
        if copy is not None and fits(copy):
            self.lookups.hits += 1
            self._copies.move_to_end(organization)
            return copy
        self.lookups.misses += 1
        if state.passages * WORDS_BYTES > self._budget:
            return None
        while copy is None or not fits(copy):  # the loading may have begun for an older state
            loading = self._loading.get(organization) or self._load(organization, state, model)
            left = loading.since + self._patience - time.monotonic()
            await asyncio.wait({loading.task}, timeout=max(left, 0.0))
            if not loading.task.done():
                return None
            copy = loading.task.result()
        return copy

    @property
    def held(self) -> int:
        """About how many bytes all copies take."""
        return sum(copy.nbytes for copy in self._copies.values())

    async def loaded(self) -> None:
        """Returns when nothing is being loaded any more."""
        while self._loading:
            await asyncio.wait([loading.task for loading in self._loading.values()])

    def _load(self, organization: OrganizationId, state: KnowledgeState, model: str) -> _Loading:
        loading = _Loading(asyncio.create_task(self._loaded(organization, state, model)), time.monotonic())
        self._loading[organization] = loading
        loading.task.add_done_callback(partial(self._ended, organization))
        return loading

    def _ended(self, organization: OrganizationId, task: asyncio.Task[Copy]) -> None:
        del self._loading[organization]
        if not task.cancelled() and (error := task.exception()) is not None:
            detail = error.detail if isinstance(error, StoreUnavailable) else repr(error)
            _log.warning("a copy can't be loaded", extra={"organization": organization, "error": detail})

    async def _loaded(self, organization: OrganizationId, state: KnowledgeState, model: str) -> Copy:
        with_vectors = state.passages <= self._most and state.passages * (WORDS_BYTES + VECTOR_BYTES) <= self._budget
        former = self._copies.get(organization)
        model = model or (former.model if former is not None else state.former_model or self._model)
        if former is None or former.model != model or former.has_vectors != with_vectors or former.is_worn:
            former = empty(model)
        versions = dict(await self._knowledge.segments(organization))
        held = former.versions()
        wanted = [id for id, version in versions.items() if held.get(id) != version]
        if len(wanted) == len(versions):  # the vocabulary only grows: start afresh when nothing is kept
            former = empty(model)
        builder = PartBuilder(former.vocabulary, model, vectors=with_vectors, texts=state.passages <= MAX_TEXTS)
        if wanted:
            async for batch in self._knowledge.passages(organization, wanted, model):
                await asyncio.to_thread(builder.add, batch)
        fresh = await asyncio.to_thread(builder.build, versions)
        copy = await asyncio.to_thread(updated, former, state.version, fresh, versions)
        self._keep(organization, copy)
        return copy

    def _keep(self, organization: OrganizationId, copy: Copy) -> None:
        self._copies[organization] = copy
        self._copies.move_to_end(organization)
        while self.held > self._budget and len(self._copies) > 1:
            self._copies.popitem(last=False)
