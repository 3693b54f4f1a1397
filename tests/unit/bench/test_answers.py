"""The sets of bench.answers fit their documents, and its counts are right."""

import re
import tomllib

import pytest

import demo
from bench.answers import baseline, calibrate, report, visible
from bench.answers.baseline import Number
from bench.answers.corpus import ORGANIZATION
from bench.answers.manual import CHAPTERS
from bench.answers.sets import FOLDER, UNANSWERABLE, Question, load
from services.core.domain.evidence import DEFAULT_LEVELS
from services.memory.domain.documents import DocumentId, EditionId, Passage

DOCUMENTS = {"shop": {article.id for article in demo.articles()}, "manual": set(CHAPTERS)}
ARTICLES = {article.id: " ".join(article.text.split()) for article in demo.articles()}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_set_asks_each_question_once_and_names_documents_that_exist(name: str) -> None:
    questions = load(name).questions
    assert {document for question in questions for document in question.documents} <= DOCUMENTS[name]
    assert len({(question.before, question.text) for question in questions}) == len(questions)
    assert all(bool(question.documents) == bool(question.answers) for question in questions)
    assert all(not question.documents for question in questions if question.kind in UNANSWERABLE)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_third_of_a_set_has_no_answer_and_half_of_that_looks_as_if(name: str) -> None:
    questions = load(name).questions
    off_topic, similar = ([question for question in questions if question.kind == kind] for kind in UNANSWERABLE)
    assert 0.3 <= (len(off_topic) + len(similar)) / len(questions) <= 0.37
    assert abs(len(off_topic) - len(similar)) <= 2


def test_each_document_of_a_shop_question_has_an_answer_and_each_answer_is_in_one() -> None:
    for question in load("shop").questions:
        texts = [ARTICLES[document] for document in question.documents]
        assert all(question.answered_by(text) for text in texts), question
        assert all(any(words.casefold() in text.casefold() for text in texts) for words in question.answers), question


def test_each_set_is_tested() -> None:
    assert {file.stem for file in FOLDER.glob("*.toml")} == set(DOCUMENTS)
    assert all(tomllib.loads(file.read_text())["name"] == file.stem for file in FOLDER.glob("*.toml"))


def test_an_answer_is_recognized_across_lines_and_with_printed_apostrophes() -> None:
    question = _question(answers=("Woody's wooden toyhorse",))
    assert question.answered_by("bullseye was Woody’s\nwooden   Toyhorse.")
    assert not question.answered_by("Woody was the cowboy.")
    assert not _question(answers=()).answered_by("anything")


def test_a_place_is_counted_by_document_or_by_passage() -> None:
    found = [_passage("a", "nothing"), _passage("a", "nothing"), _passage("b", "nothing"), _passage("b", "the answer")]
    question = _question(documents=("b",), answers=("the answer",))
    assert report.of_document(question, found) == 2
    assert report.of_passage(question, found) == 4
    assert report.of_passage(question, [found[0]] * 8 + [found[3]]) == 0


def test_numbers_about_no_question_are_left_out() -> None:
    assert report.numbers([]) == {}


def test_a_number_is_worse_only_beyond_noise_and_by_more_than_a_few_questions() -> None:
    before = {"MRR": 0.9, "irrelevant second quotes, English": 0.5}

    def worse(mrr: Number, second: Number) -> list[str]:
        return list(baseline.worse(before, {"MRR": mrr, "irrelevant second quotes, English": second}))

    assert not worse(Number(0.88, 200), Number(0.75, 10))
    assert worse(Number(0.86, 200), Number(0.5, 200)) == ["MRR: 0.860, it was 0.900"]
    assert worse(Number(1.0, 200), Number(0.9, 10)) == ["irrelevant second quotes, English: 0.900, it was 0.500"]
    assert list(baseline.worse(before, {"MRR": Number(1.0, 200)})), "a number that is gone"


def _question(documents: tuple[str, ...] = (), answers: tuple[str, ...] = ()) -> Question:
    return Question("?", "plain", "en", documents, answers)


def _passage(document: str, text: str) -> Passage:
    return Passage(ORGANIZATION, DocumentId(document), 1, EditionId(document), 0, "", "", "", text)


def test_the_questions_that_people_see_first_have_a_visible_answer() -> None:
    questions = [question for question, _, _ in tomllib.loads(visible.FILE.read_text())["answers"]]
    assert len(set(questions)) == len(questions) >= 60
    page = visible.FILE.parents[2] / "web" / "src" / "shop" / "ShopPage.tsx"
    suggested = re.findall(r'question: "([^"]+)"', page.read_text())
    assert suggested
    assert {*suggested, *demo.CHANNEL.suggestions, "Do you ship to Norway?", "What does a return cost?"} <= set(questions)


def test_calibration_refuses_what_has_no_answer_and_little_else() -> None:
    def case(kind: str, score: float, doubt: float = 0.0, *, foreign: bool = False) -> calibrate.Case:
        documents = () if kind in UNANSWERABLE else ("page",)
        return calibrate.Case(Question("?", kind, "en", documents, ()), score, foreign, doubt, misses_a_number=False)

    given = [case("plain", 0.5 + n / 100) for n in range(20)]
    given += [case("off topic", 0.3 + n / 100) for n in range(20)]
    given += [case("look-alike", 0.55, 0.9) for _ in range(10)]
    given += [case("plain", 0.35, foreign=True), case("off topic", 0.25, foreign=True)]
    chosen = calibrate.levels(given, DEFAULT_LEVELS)
    refused, off_topic, look_alike = calibrate.shares(given, chosen)
    assert refused == 0.0
    assert off_topic >= calibrate.OFF_TOPIC
    assert look_alike >= calibrate.LOOK_ALIKE
    assert 0.25 < chosen.enough_foreign <= 0.35
    assert chosen.weak == DEFAULT_LEVELS.weak
