"""Verdicts on answers: whether one is right, why not, and what it adds to the numbers of a run."""

from collections.abc import Collection, Mapping, Sequence

from services.core.domain.evaluation import Asked, Expectation, Judgement, Metric, Outcome, Score, Verdict
from services.core.domain.values import MessageKind

PLACES = (1, 3, 5, 8)
_HITS = {1: Metric.HIT_AT_1, 3: Metric.HIT_AT_3, 5: Metric.HIT_AT_5, 8: Metric.HIT_AT_8}
_ALTERNATIVES = "|"


def plain(text: str) -> str:
    """A text as it is compared: in whatever case, lines, apostrophes and emphasis."""
    return " ".join(text.replace("’", "'").replace("*", "").casefold().split())


def has(words: str, text: str) -> bool:
    """Whether a text has words, or one of their alternatives, which a bar separates."""
    said = plain(text)
    return any(one and one in said for one in map(plain, words.split(_ALTERNATIVES)))


def place_of_document(right: Collection[str], found: Sequence[str]) -> int:
    """The place of the first right one among the documents found, each counted once; 0: not among the first eight."""
    documents = list(dict.fromkeys(found))[: PLACES[-1]]
    return next((place for place, document in enumerate(documents, 1) if document in right), 0)


def place_of_words(words: Collection[str], texts: Sequence[str]) -> int:
    """The place of the first text that has all words; 0: not among the first eight."""
    return next((at for at, text in enumerate(texts[: PLACES[-1]], 1) if all(has(one, text) for one in words)), 0)


def reciprocal(place: int) -> float:
    """1 / place; 0 where there is none."""
    return 1 / place if place else 0.0


def judge(asked: Asked, outcome: Outcome, texts: Sequence[str] = ()) -> Judgement:
    """The verdict on an answer. `texts`: those of the passages that were found."""
    place = _place(asked, outcome, texts)
    verdict, reason = _verdict(asked, outcome, place)
    return Judgement(verdict, reason, place, _scores(asked, outcome, place, verdict))


def failed(why: str) -> Judgement:
    """The verdict where no answer came."""
    return Judgement(Verdict.FAILED, why, scores={Metric.RIGHT: (0.0, 1.0)})


def _place(asked: Asked, outcome: Outcome, texts: Sequence[str]) -> int:
    if asked.documents:
        return place_of_document(asked.documents, [found.document for found in outcome.found])
    return place_of_words(asked.must_contain, texts) if asked.must_contain else 0


def _verdict(asked: Asked, outcome: Outcome, place: int) -> tuple[Verdict, str]:
    abstained = outcome.kind is MessageKind.UNKNOWN
    match asked.expectation:
        case Expectation.NO_ANSWER if abstained:
            return Verdict.RIGHT, "The assistant says that it doesn't know, as expected."
        case Expectation.NO_ANSWER:
            return Verdict.ANSWERED, f"The answer cites {_cited(outcome)}, though no answer was expected."
        case Expectation.TALK if not abstained and not outcome.citations:
            return Verdict.RIGHT, "The assistant says something without a source, as expected."
        case Expectation.TALK if not abstained:
            return Verdict.WRONG_ANSWER, f"The answer cites {_cited(outcome)}, though small talk was expected."
    if abstained:
        return Verdict.ABSTAINED, f"The assistant says that it doesn't know, though there is an answer{_where(asked, place)}."
    cited = {citation.source.document for citation in outcome.citations}
    if asked.documents and not cited & set(asked.documents):
        expected = " or ".join(document.rpartition("/")[2] for document in asked.documents[:3])
        return Verdict.WRONG_PASSAGE, f"The answer cites {_cited(outcome)}, not {expected}{_where(asked, place)}."
    missing = [words for words in asked.must_contain if not has(words, outcome.text)]
    if missing:
        return Verdict.WRONG_ANSWER, f"The answer lacks {_listed(missing)}{_where(asked, place)}."
    forbidden = [words for words in asked.must_not_contain if has(words, outcome.text)]
    if forbidden:
        return Verdict.WRONG_ANSWER, f"The answer has {_listed(forbidden)}, which it must not have."
    return Verdict.RIGHT, f"The answer cites {_cited(outcome)}" + (
        " and has the expected words." if asked.must_contain else "."
    )


def _scores(asked: Asked, outcome: Outcome, place: int, verdict: Verdict) -> Mapping[Metric, Score]:
    abstained = outcome.kind is MessageKind.UNKNOWN
    scores: dict[Metric, Score] = {
        Metric.RIGHT: _share(verdict is Verdict.RIGHT),
        Metric.ANSWER_DURATION: (outcome.seconds, 1.0),
    }
    if abstained:
        scores[Metric.ABSTENTION_PRECISION] = _share(asked.expectation is Expectation.NO_ANSWER)
    if asked.expectation is Expectation.NO_ANSWER:
        scores[Metric.ABSTENTION_RECALL] = _share(abstained)
    if asked.expectation is Expectation.ANSWER and (asked.documents or asked.must_contain):
        scores |= {metric: _share(0 < place <= most) for most, metric in _HITS.items()}
        scores[Metric.MEAN_RECIPROCAL_RANK] = reciprocal(place), 1.0
        scores[Metric.FIRST_QUOTE_RIGHT] = _share(_first_quote_is_right(asked, outcome))
    if asked.expectation is Expectation.ANSWER and asked.documents and outcome.citations:
        right = sum(citation.source.document in asked.documents for citation in outcome.citations)
        scores[Metric.CITATIONS_RIGHT] = float(right), float(len(outcome.citations))
    return scores


def _first_quote_is_right(asked: Asked, outcome: Outcome) -> bool:
    if not outcome.citations or outcome.kind is not MessageKind.ANSWER:
        return False
    first = outcome.citations[0]
    fits = not asked.documents or first.source.document in asked.documents
    return fits and all(has(words, outcome.text[: first.end]) for words in asked.must_contain)


def _share(holds: bool) -> Score:
    return float(holds), 1.0


def _cited(outcome: Outcome) -> str:
    titles = list(dict.fromkeys(_quoted(citation.source.title) for citation in outcome.citations))
    return " and ".join(titles[:3]) or "no source"


def _where(asked: Asked, place: int) -> str:
    if not (asked.documents or asked.must_contain):
        return ""
    return f"; the right passage was found at place {place}" if place else "; no right passage was found"


def _listed(words: Sequence[str]) -> str:
    return ", ".join(map(_quoted, words[:3])) + (f" and {len(words) - 3} more" if len(words) > 3 else "")


def _quoted(text: str) -> str:
    return f"“{text[:80]}”"
