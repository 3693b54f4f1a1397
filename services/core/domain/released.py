"""The release of a model's text: sentence by sentence, after a check, and never taken back.

    text and marks -> Sentences -> Release -> text, marks and `Unknown` as `CitedText` takes them

- A sentence is dropped if the grounds do not support it: see `Grounds`.
- A statement needs a source. A paragraph's statements wait until the paragraph has a citation; those after it follow as they
  come. If its end comes first, they are dropped. A list, a table, and the line with a colon before it, are one paragraph.
- A question, a courtesy, and a reply to small talk need no source. After the mark of an unknown answer, neither does a
  sentence that says so.
- If no statement is left of a reply that made some, the assistant says that it doesn't know, and offers a human.

The same reply gives the same result, however it is split into pieces.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from services.core.domain.citations import Cited, Unknown
from services.core.domain.courtesies import Weight, admits, weight_of
from services.core.domain.grounds import Grounds
from services.core.domain.phrases import Phrases
from services.core.domain.sentences import Sentence, Sentences

MAX_LEADING = 8
"""Headings in a row that wait for what follows: of more, the last ones."""
MAX_HELD = 4_000
"""Characters of a paragraph that wait for a citation. With more, they are dropped."""

Item = str | Cited | Unknown
_LIST = re.compile(r"(?:[-*+•]|\d{1,3}[.)]|[A-Za-z][.)])\s")
_RULE = re.compile(r"[-*_|\s:]+\Z")
_HEADING = re.compile(r"(?:#{1,6}\s+|\*\*(?=[^*]+\*\*:?\Z))([^.!\d]+)\Z")
_STATES_TEXT = """
i we you they it he she is are was were will would can cannot could may must shall has have had do does did never always get
gets guarantee guaranteed ich wir sie ist sind waren wird werden kann können darf muss hat haben erhalten garantiert immer nie
nous vous elle ils elles est sont sera seront peut peuvent doit avez ont garanti será serán puede pueden tiene tienen debe
garantizado wij zij zijn wordt worden mag moet heeft hebben krijgt gegarandeerd noi voi è sono sarà saranno può possono deve
hanno garantito nós você é são serão pode podem tem têm
"""
_STATES = frozenset(_STATES_TEXT.split())
"""Words with which a line says something. A heading names it."""
MAX_HEADING = 8
"""Words."""


@dataclass(frozen=True, slots=True)
class _Held:
    sentence: Sentence
    weight: Weight
    """Above NONE it waits for a source."""
    admits: bool
    """It says that something isn't known."""
    leads: bool
    """It is a heading or the like: it is shown with what follows it."""


class Release:
    """The release of one reply."""

    def __init__(
        self,
        grounds: Grounds,
        own: Phrases,
        passages: int,
        *,
        small_talk: bool = False,
        names: Collection[str] = (),
        not_known: str = "",
    ) -> None:
        """`not_known`: instead of the usual words, where nothing is left of a reply.

        `small_talk`: the customer asked nothing that needs a source. `names`: words that name someone, in lower case."""
        self._grounds = grounds
        self._own = own
        self._not_known = not_known or f"{own.not_known} {own.offer}"
        self._passages = passages
        self._free = small_talk
        self._names = names
        self._sentences = Sentences()
        self._held: list[_Held] = []
        self._last = ""
        """The sentence before."""
        self._rows = 0
        """Of the table that the reply is in."""
        self._cited = False
        """The paragraph has a citation."""
        self._dropped = False
        self._answered = False
        """A statement was released."""
        self._shown = False
        self._gap = ""
        self._unknown = False
        self._admitted = False
        """A sentence that says that it isn't known was released."""

    def feed(self, item: Item) -> list[Item]:
        """The pieces that may be shown after another one."""
        if isinstance(item, Unknown):
            self._unknown = True
            return [item]
        return [out for sentence in self._sentences.feed(item) for out in self._take(sentence)]

    def end(self, *, cut: bool = False) -> list[Item]:
        """The rest, when the reply has ended. `cut`: it was cut off, so its last sentence may lack its end."""
        shown = list[Item]()
        for sentence in self._sentences.end():
            if cut and not sentence.whole:
                self._dropped = True
            else:
                shown += self._take(sentence)
        shown += self._end_paragraph()
        if self._says_nothing or not self._shown:
            shown += [*([] if self._unknown else [Unknown()]), *self._say(self._not_known)]
        elif cut:
            shown += self._say(self._own.cut_short)
        return shown

    @property
    def answered(self) -> bool:
        """Whether a statement was released."""
        return self._answered

    def _take(self, sentence: Sentence) -> Iterator[Item]:
        if self._begins_paragraph(sentence):
            yield from self._end_paragraph()
            self._cited = False
        self._rows = self._rows + 1 if sentence.text.startswith("|") else 0
        self._last = sentence.text
        cites = any(1 <= number <= self._passages for _, mark in sentence.marks for number in mark.passages)
        if not self._may_show(sentence):
            self._dropped = True
            self._skip(sentence)
            if cites and any(held.weight for held in self._held):
                self._cited = True
                yield from self._flush()
                yield from (mark for _, mark in sentence.marks)
            return
        leads = not self._free and not cites and self._leads(sentence)
        admitted = self._unknown and not cites and admits(sentence.text, self._names)
        free = self._free or admitted
        weight = Weight.STATEMENT if cites else Weight.NONE if free else weight_of(sentence.text, self._names)
        self._held.append(_Held(sentence, weight, admitted, leads))
        self._cited = self._cited or cites
        waits = (self._says_nothing and not admitted) or any(held.weight or held.leads for held in self._held)
        if not leads and (self._cited or not waits):
            yield from self._flush()
        elif sum(len(held.sentence.text) for held in self._held) > MAX_HELD:
            yield from self._end_paragraph()

    @property
    def _says_nothing(self) -> bool:
        """Its statements so far were dropped. A question or an offer after them belongs to them."""
        return self._dropped and not (self._answered or self._admitted or self._free)

    def _may_show(self, sentence: Sentence) -> bool:
        return not sentence.too_long and self._grounds.supports(sentence.text)

    def _begins_paragraph(self, sentence: Sentence) -> bool:
        if sentence.space.count("\n") < 2 or self._last.endswith((":", ":**")):
            return False
        return not (_LIST.match(sentence.text) and _LIST.match(self._last))

    def _leads(self, sentence: Sentence) -> bool:
        text = sentence.text
        return text.endswith((":", "：", ":**")) or _is_heading(text) or 0 < self._rows < 3

    def _end_paragraph(self) -> Iterator[Item]:
        """Drops what waited for a source, and shows the rest. A heading at its end waits for the next paragraph."""
        kept, leading = list[_Held](), list[_Held]()
        for held in self._held:
            if held.leads:
                leading.append(held)
            elif self._cited or (held.weight is Weight.NONE and (held.admits or not self._says_nothing)):
                kept += [*leading, held] if self._cited else [held]
                leading = []
            else:
                self._dropped = self._dropped or held.weight is Weight.STATEMENT
                self._skip(held.sentence)
                leading = []
        self._held = kept
        yield from self._flush()
        self._held = leading[-MAX_LEADING:]

    def _flush(self) -> Iterator[Item]:
        for held in self._held:
            self._answered = self._answered or held.weight > Weight.NONE
            self._admitted = self._admitted or held.admits
            yield from self._show(held.sentence)
        self._held = []

    def _show(self, sentence: Sentence) -> Iterator[Item]:
        self._skip(sentence)
        space, self._gap = self._gap, ""
        if self._shown and space:
            yield space
        at = 0
        for place, mark in sentence.marks:
            if place > at:
                yield sentence.text[at:place]
            yield mark
            at = place
        if at < len(sentence.text):
            yield sentence.text[at:]
        self._shown = self._shown or bool(sentence.text)

    def _skip(self, sentence: Sentence) -> None:
        self._gap = max(self._gap, sentence.space, key=lambda gap: (gap.count("\n"), len(gap)))

    def _say(self, text: str) -> Iterator[Item]:
        yield f"\n\n{text}" if self._shown else text
        self._shown = True


def _is_heading(text: str) -> bool:
    """Whether a line names what follows and says nothing of it."""
    if _RULE.match(text):
        return True
    if not (found := _HEADING.match(text)):
        return False
    words = re.findall(r"[^\W_]+", found[1].casefold())
    return len(words) <= MAX_HEADING and _STATES.isdisjoint(words)
