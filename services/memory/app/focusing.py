"""How near in meaning the sections of the best document's passages are to a query whose words don't show it.

Passages hold several sections, and a passage's vector doesn't say which one answers. In the page's language words do. For a
question in another language the sections are embedded, once: their vectors are kept by what they say.
"""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from kit.passages import sections
from services.memory.domain.problems import EmbedderUnavailable
from services.memory.domain.ranking import terms
from services.memory.ports import Embedder, Findings, Hit, Vector

MIN_UNKNOWN = 0.5
"""The share of a query's words that no passage has, from which its words choose no section."""
MAX_SECTIONS = 12
"""Sections that are embedded for a query."""
MAX_CHARACTERS = 900
"""Of a section that are embedded."""
MAX_KEPT = 4_000
"""Vectors of sections in this process: 6 MB of 384 floats each."""
SECONDS = 0.4
"""How long a search may wait for them. Without them the passage is quoted from its beginning."""


@dataclass
class Focus:
    """Finds the sections."""

    embedder: Embedder
    seconds: float = SECONDS
    _kept: OrderedDict[bytes, Vector] = field(default_factory=OrderedDict)

    async def of(self, findings: Findings, query: str, vector: Vector | None) -> Findings:
        """The findings with how near the sections of the best document's passages are, where words don't show it."""
        if vector is None or not findings.hits or findings.model != self.embedder.model:
            return findings
        asked = set(terms(query))
        if not asked or len(findings.unknown_words) < MIN_UNKNOWN * len(asked):
            return findings
        document = findings.hits[0].passage.document
        texts = {at: _texts(hit) for at, hit in enumerate(findings.hits) if hit.passage.document == document}
        every = [text for of_one in texts.values() for text in of_one][:MAX_SECTIONS]
        if len(every) < 2:
            return findings
        try:
            async with asyncio.timeout(self.seconds):
                vectors = await self._vectors(every)
        except (EmbedderUnavailable, TimeoutError):
            return findings
        hits = list(findings.hits)
        for at, of_one in texts.items():
            near = tuple(float(np.dot(vector, vectors[text])) for text in of_one if text in vectors)
            hits[at] = replace(hits[at], section_scores=near if len(near) == len(of_one) else ())
        return replace(findings, hits=hits)

    async def _vectors(self, texts: Sequence[str]) -> dict[str, Vector]:
        keys = {text: hashlib.sha256(f"{self.embedder.model}\0{text}".encode()).digest() for text in texts}
        missing = [text for text, key in keys.items() if key not in self._kept]
        if missing:
            for text, vector in zip(missing, await self.embedder.embed_passages(missing), strict=True):
                self._kept[keys[text]] = vector
        found = {text: self._kept[key] for text, key in keys.items()}
        for key in keys.values():
            self._kept.move_to_end(key)
        while len(self._kept) > MAX_KEPT:
            self._kept.popitem(last=False)
        return found


def _texts(hit: Hit) -> list[str]:
    passage = hit.passage
    return [
        f"{passage.title}\n{heading or passage.heading}\n{' '.join(lines)}"[:MAX_CHARACTERS]
        for heading, lines in sections(passage.text)
    ]
