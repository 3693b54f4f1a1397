"""Recalling while a message is still being committed: the search takes as long as the commit, and neither needs the other."""

import asyncio
from dataclasses import dataclass, field

from kit.ids import OrganizationId
from services.core.domain.policy import DEFAULT_THRESHOLDS, Thresholds
from services.core.ports import Knowledge, Recalled

PASSAGES = 8
SHORT_QUESTION_WORDS = 4
MAX_QUERY = 2000
MAX_BEGUN = 500
KEPT_SECONDS = 5.0

_Key = tuple[OrganizationId, str]
_Search = asyncio.Task[list[Recalled]]


@dataclass(frozen=True)
class Recalls:
    """Searches of the knowledge, some of them begun before they are asked for."""

    knowledge: Knowledge
    _begun: dict[_Key, _Search] = field(default_factory=dict)

    def begin(self, organization: OrganizationId, text: str) -> None:
        """Begins to search for what a customer has just written. Short texts are left: they are read with what was before."""
        if len(text.split()) < SHORT_QUESTION_WORDS or len(self._begun) >= MAX_BEGUN:
            return
        key = organization, text[:MAX_QUERY]
        if key not in self._begun:
            search = asyncio.create_task(self.knowledge.search(*key, PASSAGES))
            search.add_done_callback(lambda done: done.cancelled() or done.exception())
            self._begun[key] = search
            asyncio.get_running_loop().call_later(KEPT_SECONDS, self._forget, key, search)

    async def search(
        self, organization: OrganizationId, query: str, thresholds: Thresholds = DEFAULT_THRESHOLDS
    ) -> list[Recalled]:
        """The best passages first, of those that are good enough. Raises AssistantFailed."""
        begun = self._begun.pop((organization, query), None)
        most = thresholds.max_passages or PASSAGES
        if begun is not None and most > PASSAGES:
            begun = None
        found = await (begun or self.knowledge.search(organization, query, most))
        if thresholds.min_similarity is not None:
            least, lexical = thresholds.min_similarity, thresholds.min_lexical
            found = [passage for passage in found if passage.similarity >= least or passage.lexical >= lexical]
        return found[:most]

    def _forget(self, key: _Key, search: _Search) -> None:
        if self._begun.get(key) is search:
            del self._begun[key]
