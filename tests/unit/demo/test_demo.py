"""The demo shop's help centre is whole, and its labelled questions fit it."""

import re

import pytest

import demo

ARTICLES = {article.id: article for article in demo.articles()}
QUESTIONS = list(demo.questions())


@pytest.mark.parametrize("article", ARTICLES.values(), ids=lambda article: article.id)
def test_an_article_is_short_and_has_a_title_and_headings(article: demo.Article) -> None:
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,62}", article.id)
    assert article.text.startswith(f"# {article.title}\n")
    assert article.text.count("\n## ") >= 3
    assert 150 <= len(article.text.split()) <= 350


def test_there_are_enough_articles_and_each_answers_a_question() -> None:
    assert 24 <= len(ARTICLES) <= 28
    assert {article for question in QUESTIONS for article in question.articles} == set(ARTICLES)


@pytest.mark.parametrize(
    "question", [question for question in QUESTIONS if question.articles], ids=lambda question: question.text
)
def test_the_best_article_contains_the_answer(question: demo.Question) -> None:
    text = " ".join(ARTICLES[question.articles[0]].text.split())
    assert question.answer
    assert question.answer.lower() in text.lower()


def test_some_questions_cannot_be_answered() -> None:
    assert len([question for question in QUESTIONS if not question.articles]) >= 8
    assert len({question.text for question in QUESTIONS}) == len(QUESTIONS)


def test_articles_name_each_other_by_their_titles() -> None:
    titles = {article.title for article in ARTICLES.values()}
    named = {name for article in ARTICLES.values() for name in re.findall(r'(?:see|in) "([^"]+)"', article.text)}
    assert [name for name in named if not any(title.startswith(name) for title in titles)] == []


def test_there_is_a_user_for_each_role() -> None:
    assert {user.role for user in demo.USERS} == {"owner", "admin", "agent", "viewer"}
    assert len({user.email for user in demo.USERS}) == len({user.id for user in demo.USERS}) == len(demo.USERS)
    assert all(user.email.endswith("@example.com") for user in demo.USERS)
