"""`python -m bench.answers` prints how well passages are found and quoted, beside plain Chroma, BM25 and their fusion."""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from bench.answers import baseline, calibrate, corpus, judged, report, visible
from bench.answers.answers import Answer, answer, said
from bench.answers.asking import AT_ONCE, ChatModel, ModelUnavailable, Searched, ask
from bench.answers.corpus import LocalEmbedder
from bench.answers.manual import PACKAGE, Manual, ManualUnavailable
from bench.answers.sets import FOLDER, Question, load
from bench.answers.stored import Stored
from bench.answers.ways import Memory, Ranking, bm25, chroma, fusion
from embedder import ENGLISH, MULTILINGUAL
from services.core.domain.questions import asked
from services.memory.domain.documents import Passage
from services.memory.ports import Embedded

KEY = "FRONTDESK_OPENAI_API_KEY"


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents and the questions on them."""

    name: str
    questions: Sequence[Question]
    passages: Sequence[Passage]
    rank: Callable[[Question, Sequence[Passage]], int]
    """The place of the answer among the passages found."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The outcome for one collection."""

    name: str
    ranks: Sequence[int]
    """The places at which memory found the answers."""
    numbers: Mapping[str, Mapping[str, baseline.Number]]
    """By the name of the baseline: the collection's, and the chat model's on it."""
    unlike: Sequence[str]
    """A sentence for each well-known question whose visible answer is not as it must be."""


def main() -> None:
    """Reads the arguments, measures, prints."""
    names = sorted(file.stem for file in FOLDER.glob("*.toml"))
    parser = argparse.ArgumentParser(prog="python -m bench.answers", description=__doc__)
    parser.add_argument("--set", action="append", choices=names, help="only this set; may be repeated")
    parser.add_argument("--model", default=MULTILINGUAL, help="memory's embedding model (default: %(default)s)")
    parser.add_argument("--chat-model", metavar="NAME", help="judge this model's answers, too")
    parser.add_argument("--chat-url", metavar="URL", default="", help="its OpenAI-compatible endpoint (default: OpenAI's)")
    parser.add_argument(
        "--chat-key-env", metavar="VAR", default=KEY, help="the variable that holds its key (default: %(default)s)"
    )
    at_once = parser.add_argument("--chat-at-once", metavar="N", type=int, choices=range(1, 33), default=AT_ONCE)
    at_once.help = "how many questions it is asked at once, up to 32 (default: %(default)s)"
    parser.add_argument("--plain", action="store_true", help="compare with plain Chroma, BM25 and their fusion, too")
    stores = (
        "search in real stores (PostgreSQL, MongoDB, Chroma) that hold N passages, made-up ones included, and measure the time"
    )
    parser.add_argument("--stores", metavar="N", type=int, default=0, help=stores)
    parser.add_argument("--threads", type=int, default=2, help="threads that embed (default: %(default)s)")
    parser.add_argument("--wrong", action="store_true", help="print each question that was not answered as it should be")
    parser.add_argument("--check", action="store_true", help="fail when a number got worse than in the baseline")
    parser.add_argument("--accept", action="store_true", help="make the numbers the baseline")
    parser.add_argument(
        "--calibrate", action="store_true", help="print the levels of evidence for the model, and measure nothing"
    )
    arguments = parser.parse_args()
    if arguments.chat_model and not (arguments.chat_url or os.environ.get(arguments.chat_key_env)):
        parser.error(f"OpenAI needs a key: set {arguments.chat_key_env}, or name another endpoint with --chat-url.")
    if arguments.calibrate:
        print(*_calibrated(arguments, arguments.set or names), sep="\n")
        return
    worse: list[str] = []
    for name in arguments.set or names:
        try:
            found = [_measure(collection, arguments) for collection in _collections(name)]
        except ModelUnavailable as error:
            sys.exit(str(error))
        unlike = [sentence for one in found for sentence in one.unlike]
        print(*unlike, sep="\n")
        if len(unlike) > visible.MAX_WRONG:
            worse.append(f"{len(unlike)} visible answers are not as they must be, and {visible.MAX_WRONG} may be.")
        for collection, numbers in (numbers for one in found for numbers in one.numbers.items()):
            worse += [f"{collection}: {sentence}" for sentence in baseline.worse(baseline.load(collection), numbers)]
            if arguments.accept:
                baseline.accept(collection, numbers)
        if len(found) == 2:
            print(f"\n{name}: {report.compared(found[0].ranks, found[1].ranks)}")
    print(*worse, sep="\n")
    sys.exit(1 if worse and arguments.check else 0)


def _collections(name: str) -> Iterator[Collection]:
    questions = load(name).questions
    if name == "shop":
        yield Collection(name, questions, corpus.shop(), report.of_document)
        return
    try:
        manual = Manual(corpus.CACHE)
    except ManualUnavailable as error:
        print(f"\n{name}: left out. {error}")
        return
    label = f"{PACKAGE} {manual.version}"
    yield Collection(f"{label}, HTML", questions, corpus.manual_html(manual), report.of_passage)
    whole = [replace(question, documents=question.documents and (PACKAGE,)) for question in questions]
    yield Collection(f"{label}, PDF", whole, corpus.manual_pdf(manual), report.of_passage)


def _measure(collection: Collection, arguments: argparse.Namespace) -> Measured:
    """Measures and prints."""
    passages = collection.passages
    embedder = LocalEmbedder(arguments.model, arguments.threads)
    items = corpus.embedded(passages, embedder)
    memory = Stored(items, embedder, arguments.stores) if arguments.stores else Memory(items, embedder)
    try:
        return _measured(collection, memory, items, embedder, arguments)
    finally:
        if isinstance(memory, Stored):
            memory.close()


def _measured(
    collection: Collection, memory: Memory, items: Sequence[Embedded], embedder: LocalEmbedder, arguments: argparse.Namespace
) -> Measured:
    started, questions, passages = time.perf_counter(), collection.questions, collection.passages
    ways: dict[str, Ranking] = {"memory": memory}
    if arguments.plain:
        plain = corpus.LocalEmbedder(ENGLISH, arguments.threads)
        ways |= {"Chroma": chroma(corpus.embedded(passages, plain), plain), "BM25": bm25(items)}
        ways["fusion"] = fusion(ways["Chroma"], ways["BM25"])
        plain.save()
    answerable = [question for question in questions if question.documents]
    queries = [asked(said(question))[1] for question in answerable]
    ranks = {
        name: [collection.rank(question, way(query)) for question, query in zip(answerable, queries, strict=True)]
        for name, way in ways.items()
    }
    found = [answer(question, memory) for question in questions]
    embedder.save()
    table, numbers = report.answers(found)
    numbers["MRR"] = baseline.Number(report.mrr(ranks["memory"]), len(answerable))
    held = memory.total if isinstance(memory, Stored) else len(passages)
    print(f"\n{collection.name}: {len(questions)} questions, {held} passages, {arguments.model}")
    print(*report.rankings(ranks), "", *table, "", *baseline.compared(collection.name, numbers), sep="\n")
    if isinstance(memory, Stored):
        print(*memory.times(queries).lines(), sep="\n")
    print(f"{time.perf_counter() - started:.1f} s")
    lost = [one.text for one in answerable if not any(one.answered_by(passage.text) for passage in passages)]
    if lost:
        print(f"No passage has the answer to {len(lost)}: {', '.join(lost)}")
    if arguments.wrong:
        print(*map(_described, (one for one in found if not one.good)), sep="\n")
    measured = {collection.name: numbers} | (_written(collection, memory, arguments) if arguments.chat_model else {})
    embedder.save()  # with queries that the model wrote
    unlike = list(visible.wrong(memory)) if collection.name == "shop" else []
    return Measured(collection.name, ranks["memory"], measured, unlike)


def _written(collection: Collection, memory: Memory, arguments: argparse.Namespace) -> dict[str, Mapping[str, baseline.Number]]:
    """Judges a model's answers, and prints."""
    started = time.perf_counter()
    key = os.environ.get(arguments.chat_key_env, "")
    model = ChatModel(arguments.chat_model, arguments.chat_url, key, arguments.chat_at_once)
    found = list(map(judged.judge, memory.run(ask(collection.questions, Searched(memory), model))))
    name, numbers, answers = f"{collection.name}, {model.name}", judged.numbers(found), [one.answer for one in found]
    print(f"\n{name}, {model.at_once} questions at once")
    print(*report.table(answers), "", *baseline.compared(name, numbers), sep="\n")
    print(f"{time.perf_counter() - started:.1f} s")
    if arguments.wrong:
        print(*map(_described, (one for one in answers if not one.good)), sep="\n")
    return {name: numbers}


def _calibrated(arguments: argparse.Namespace, names: Sequence[str]) -> list[str]:
    embedder = corpus.LocalEmbedder(arguments.model, arguments.threads)
    given: list[calibrate.Case] = []
    for name in names:
        for collection in islice(_collections(name), 1):  # the second one of a set has the same questions
            given += calibrate.cases(collection.questions, Memory(corpus.embedded(collection.passages, embedder), embedder))
    embedder.save()
    return calibrate.report(arguments.model, given)


def _described(one: Answer) -> str:
    question = one.question
    return f"\n{one.verdict.value.upper()} {question.kind}, {question.language}: {question.text}\n    {one.text[:300]!r}"


if __name__ == "__main__":
    main()
