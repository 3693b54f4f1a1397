"""Recalling while a message is still being committed: the search takes as long as the commit, and neither needs the other."""

import asyncio
from dataclasses import dataclass, field, replace

from kit.ids import OrganizationId
from services.core.domain.policy import DEFAULT_THRESHOLDS, Thresholds
from services.core.domain.questions import MAX_QUERY, stands_alone
from services.core.ports.assistant import Findings, Knowledge

PASSAGES = 8
MAX_BEGUN = 500
KEPT_SECONDS = 5.0

_Key = tuple[OrganizationId, str]
_Search = asyncio.Task[Findings]


@dataclass(frozen=True)
class Recalls:
    """Searches of the knowledge, some of them begun before they are asked for."""

    knowledge: Knowledge
    _begun: dict[_Key, _Search] = field(default_factory=dict)

    def begin(self, organization: OrganizationId, text: str) -> None:
        """Begins to search for what a customer has just written, unless it may have to be read with the question before."""
        if not stands_alone(text) or len(self._begun) >= MAX_BEGUN:
            return
        key = organization, text[:MAX_QUERY]
        if key not in self._begun:
            search = asyncio.create_task(self.knowledge.search(*key, PASSAGES))
            search.add_done_callback(lambda done: done.cancelled() or done.exception())
            self._begun[key] = search
            asyncio.get_running_loop().call_later(KEPT_SECONDS, self._forget, key, search)

    async def search(self, organization: OrganizationId, query: str, thresholds: Thresholds = DEFAULT_THRESHOLDS) -> Findings:
        """The best passages, and those that are not good enough. Raises AssistantFailed."""
        begun = self._begun.pop((organization, query), None)
        most = thresholds.max_passages or PASSAGES
        if begun is not None and most > PASSAGES:
            begun = None
        found = await (begun or self.knowledge.search(organization, query, most))
        passages = found.passages[:most]
        if (least := thresholds.min_similarity) is None:
            return replace(found, passages=passages)
        lexical = thresholds.min_lexical
        used = tuple(passage for passage in found.passages if passage.similarity >= least or passage.lexical >= lexical)[:most]
        return replace(found, passages=used, left_out=tuple(passage for passage in passages if passage not in used))

    def _forget(self, key: _Key, search: _Search) -> None:
        if self._begun.get(key) is search:
            del self._begun[key]
