"""An assistant without a model: it quotes the passages that fit the question best, or says that it does not know.

It is the default without an API key. It can't be wrong about more than relevance, because every sentence is the business's own.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, takewhile

from services.core.domain import Message, Role, evidence, opening, quoting, sections
from services.core.domain.citations import Cited, Unknown
from services.core.domain.complaints import Complaint, complaint_of
from services.core.domain.evidence import Evidence
from services.core.domain.languages import language_of
from services.core.domain.offers import not_known, not_settled
from services.core.domain.opening import asks_for_hours
from services.core.domain.phrases import phrases
from services.core.domain.questions import queried, stands_alone
from services.core.domain.talk import Talk, talk_of, without_talk
from services.core.ports.assistant import Beat, ModelRequest, Piece, Prompt, Recalled, Usage

MIN_COVER = 0.5
"""The least share of the words of a part of the question that a second quote's passage has."""
MIN_GAIN = 0.3
"""How much more of them it has than the first quote's passage."""
TIE = 0.05
"""How much less than the best a passage of the document may score that the question names."""
SURE = {Complaint.NONE: 0.0, Complaint.FAULT: 0.1, Complaint.DEFECT: 0.2}
"""How much better than usual a passage must be for a complaint, which asks nothing."""
_TIME = re.compile(r"\b\d{1,2}:\d\d\b")
_NAME = re.compile(r"(?<![.!?¿¡]\s)(?<!^)(?<![\w'’])[A-ZÀ-Þ][\w'’-]+(?: [A-ZÀ-Þ][\w'’-]+)*")


class ExtractiveAssistant:
    """The port Assistant."""

    name = "extractive"
    max_tokens = 0
    short_calls = None
    context_tokens = 0

    def __init__(self, seconds_per_word: float = 0.012) -> None:
        self._pace = seconds_per_word

    def prompt_tokens(self, prompt: Prompt) -> int:
        return 0

    def prompt_bytes(self, prompt: Prompt) -> int:
        return 0

    def request(self, prompt: Prompt) -> ModelRequest | None:
        return None

    async def reply(self, prompt: Prompt, beat: Beat) -> AsyncGenerator[Piece | Usage, None]:
        """The answer word by word, at a pace that can be read along: a caller that asks later gets several at once."""
        words = list(_words_of(_answer(prompt)))
        seconds = asyncio.get_running_loop().time
        started, shown = seconds(), 0
        while shown < len(words):
            await asyncio.sleep(started + shown * self._pace - seconds())
            late = int((seconds() - started) / self._pace) if self._pace else len(words)
            due = 1 + max(shown, late)
            for piece in _joined(words[shown:due]):
                yield piece
            shown = due
            if shown < len(words):
                await beat()
        yield Usage()


def _words_of(pieces: Iterable[Piece]) -> Iterator[Piece]:
    for piece in pieces:
        if isinstance(piece, str):
            yield from re.findall(r"\s*\S+", piece)
        else:
            yield piece


def _joined(words: Iterable[Piece]) -> Iterator[Piece]:
    for is_text, group in groupby(words, key=lambda word: isinstance(word, str)):
        if is_text:
            yield "".join(map(str, group))
        else:
            yield from group


def _answer(prompt: Prompt) -> list[Piece]:
    prompt = replace(prompt, question=prompt.question[: quoting.MAX_QUESTION])
    said = "\n".join(message.written for message in prompt.history)[: quoting.MAX_QUESTION]
    own = phrases(language := language_of(_written(prompt)) or language_of(said))
    match talk_of(prompt.question):
        case Talk.GREETING | Talk.ASKING:
            return [own.greeting]
        case Talk.THANKS:
            return [own.thanks]
        case Talk.WHO:
            return [own.introduction]
        case Talk.LEAVING | Talk.OKAY:
            return [own.left]
    prompt = replace(prompt, question=without_talk(prompt.question))
    if not _has_words(prompt):
        return [Unknown(), f"{own.not_seen} {own.offer}"]
    answer, said_lines = list[Piece](), set[str]()
    if (complaint := complaint_of(prompt.question)) is Complaint.SERVICE:
        return [Unknown(), not_settled(language, prompt.offer)]
    fitting = _fitting(prompt, language, SURE[complaint])
    if prompt.asked_at and not prompt.hours.always and asks_for_hours(prompt.question):
        answer.append(opening.answer(prompt.hours, prompt.asked_at, language))
        fitting = [found for found in fitting if _TIME.search(found.recalled.passage.text)]
    if not fitting or evidence.misses_a_number(prompt.question, [found.recalled.passage.text for found in fitting]):
        return answer or [Unknown(), (not_settled if complaint else not_known)(language, prompt.offer)]
    if complaint:
        answer.append(own.sorry)
    if names := _unknown_names(prompt, language, fitting[0]):
        said = own.not_mentioned.format(words=", ".join(names))
        answer.append(f"\n\n{said}" if answer else said)
    for found in fitting:
        found, quote = _quote(found, prompt)
        passage = found.recalled.passage
        lines = [line for line in quote.lines if line not in said_lines]  # passages overlap
        if any(lines):
            said_lines.update(filter(None, lines))
            heading = quote.heading or passage.heading or passage.title
            text = "  \n".join([*([f"**{heading}**"] if heading else []), *lines]).strip()  # Markdown ends a line by two spaces
            answer += [f"\n\n{text}" if answer else text, Cited((found.number,))]
    return answer


def _has_words(prompt: Prompt) -> bool:
    """Whether the customer wrote something, beside pictures, voice messages, files, places and contacts."""
    asked = _open(prompt)
    return not asked or any(message.content is None or message.content.has_words for message in asked)


def _written(prompt: Prompt) -> str:
    """The customer's own words in the question: without the names of files and the like."""
    asked = _open(prompt)
    if all(message.content is None for message in asked):
        return prompt.question
    return "\n".join(message.written for message in reversed(asked))[: quoting.MAX_QUESTION]


def _open(prompt: Prompt) -> list[Message]:
    """The messages that are not answered, the newest first."""
    return list(takewhile(lambda message: message.role is Role.CUSTOMER, reversed(prompt.history)))


@dataclass(frozen=True, slots=True)
class _Found:
    """A passage that is near enough to be quoted."""

    number: int
    """Its number in the prompt."""
    recalled: Recalled
    foreign: bool
    """It is in another language than the question."""
    part: str
    """The question, or the part of it, that it answers."""


def _fitting(prompt: Prompt, language: str, more: float = 0.0) -> list[_Found]:
    """The passages to quote: the best one, and for a question of two parts another one that answers the other part.

    `more`: how much better than usual they must be; half of that in another language, where scores differ less.
    """
    if not any(map(str.isalnum, prompt.question)):  # emoji or signs alone: whatever is near says nothing of them
        return []
    levels, unknown = prompt.levels, set(prompt.unknown_words)
    if sections.asks_for_destination(prompt.question):  # pages list where goods go: a place that they lack is an answer
        unknown -= {word for name in _NAME.findall(prompt.question) for word in name.casefold().split()}
    doubt = evidence.doubt_of(prompt.question, unknown)
    near = list[_Found]()
    for number, recalled in enumerate(prompt.passages, 1):
        text = recalled.passage.text
        if recalled.score < min(levels.enough, levels.enough_foreign) or not text.strip():
            continue
        foreign = evidence.is_foreign(language, text)
        if levels.of(recalled.score - (more / 2 if foreign else more), doubt, foreign=foreign) is Evidence.ENOUGH:
            near.append(_Found(number, recalled, foreign, prompt.question))
    asked = sections.parts(prompt.question) if near and not near[0].foreign else None
    if asked:
        return _of_parts(near, *asked)
    return _of_subject(near, prompt.question)[:1] if stands_alone(prompt.question) else near[:1]


def _of_subject(near: list[_Found], question: str) -> list[_Found]:
    """The passages, first one of the document whose title the question names, if that of the best one has no word of it.

    "How long can I return a parcel?" names the returns; the page on lost parcels has as many of its words.
    """
    best = next(iter(near), None)
    if best is None or best.foreign or sections.subjects(best.recalled.passage.title, question):
        return near
    for found in near[1:]:
        if found.recalled.score < best.recalled.score - TIE:
            continue
        if not found.foreign and sections.subjects(found.recalled.passage.title, question):
            return [found]
    return near


def _of_parts(near: Sequence[_Found], one: str, other: str) -> list[_Found]:
    """The best passage, and another document's that has most of the words of the part that the best one says less of."""
    first, document = near[0], near[0].recalled.passage.document

    def cover(found: _Found, part: str, besides: str) -> float:
        passage = found.recalled.passage
        return sections.covers(f"{passage.title}\n{passage.heading}\n{passage.text}", part, besides)

    if cover(first, one, other) < cover(first, other, one):
        one, other = other, one
    least = max(MIN_COVER, cover(first, other, one) + MIN_GAIN)
    rivals = [found for found in near[1:] if found.recalled.passage.document != document]
    second = max(rivals, key=lambda found: cover(found, other, one), default=None)  # the first of them, if equal
    if second is None or cover(second, other, one) < least:
        return [first]
    return [replace(first, part=one), replace(second, part=other)]


def _quote(found: _Found, prompt: Prompt) -> tuple[_Found, quoting.Quote]:
    """The best section of a passage, or of another one of its document that was found."""
    passage = found.recalled.passage
    if found.foreign or not quoting.words(found.part):
        return _nearest(found, prompt)
    same, others = [found], list[str]()
    for number, recalled in enumerate(prompt.passages, 1):
        if recalled.passage.document != passage.document:
            others.append(recalled.passage.text)
        elif number != found.number:
            same.append(replace(found, number=number, recalled=recalled))
    passages = [_scored(one.recalled) for one in same]
    context = "" if stands_alone(prompt.question) else "\n".join(message.text for message in queried(prompt.history))
    place, section = sections.best(passages, others, found.part, context)
    return same[place], quoting.quote(same[place].recalled.passage.text, found.part, section)


def _nearest(found: _Found, prompt: Prompt) -> tuple[_Found, quoting.Quote]:
    """The sections of a passage that are nearest in meaning, or else the passage from its beginning: the words of a question in
    another language choose nothing. The passage is the one of the document with the nearest section.
    """
    document = found.recalled.passage.document
    same = [
        replace(found, number=number, recalled=recalled)
        for number, recalled in enumerate(prompt.passages, 1)
        if recalled.passage.document == document and recalled.section_scores
    ]
    if not same:
        return found, quoting.beginning(found.recalled.passage.text)
    best = max(same, key=lambda one: max(one.recalled.section_scores))
    return best, quoting.nearest(best.recalled.passage.text, best.recalled.section_scores)


def _scored(recalled: Recalled) -> tuple[float, str, str]:
    """The score, the heading above the first lines, and the text of a passage."""
    passage = recalled.passage
    return recalled.score, passage.heading or passage.title, passage.text


def _unknown_names(prompt: Prompt, language: str, best: _Found) -> list[str]:
    """The names in the question that no page mentions. Where all nouns begin with a capital letter, names look like others."""
    if language == "de" or best.foreign:
        return []
    unknown = set(prompt.unknown_words)
    return [name for name in dict.fromkeys(_NAME.findall(prompt.question)) if unknown.issuperset(name.casefold().split())]
