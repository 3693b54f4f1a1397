"""Sets of questions: who may change them, their bounds, and customers' questions that got no good answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from frontdesk.core import v1 as pb
from frontdesk.core.internal import v1 as internal
from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask

from kit import client, errors
from services.core.domain.evaluation import MAX_QUESTIONS, MAX_SETS
from stack.testing import TestStores
from tests.rpc.core.conftest import ORGANIZATION, Desk, Knowledge, run_core
from tests.rpc.core.evaluating import (
    ANSWERABLE,
    RETURNS,
    TALK,
    WRONG,
    Evaluations,
    execute,
    reason,
)
from tests.rpc.lists import in_pages

pytestmark = pytest.mark.timeout(60)


@pytest.fixture
def postgres_url(stores: TestStores) -> str:
    return stores.emptied_urls("core")["core"]


@pytest.fixture
async def desk(stores: TestStores, tmp_path: Path, postgres_url: str) -> AsyncIterator[Desk]:
    async with run_core(stores, tmp_path, postgres_url, Knowledge()) as running:
        yield running


async def test_sets_and_questions_are_changed_and_read(desk: Desk) -> None:
    ask = Evaluations(desk)
    name = await ask.made(ANSWERABLE)
    again = await ask("CreateQuestionSet", parent=ORGANIZATION, question_set={"display_name": "x"}, request_id="returns")
    assert again.name == name, "a repetition gives the first"
    taken = ask("CreateQuestionSet", parent=ORGANIZATION, question_set={"display_name": "x"}, question_set_id="returns")
    assert await reason(taken) == "QUESTION_SET_EXISTS"
    renamed = await ask("UpdateQuestionSet", question_set={"name": name, "display_name": "Returned goods", "etag": "1"})
    assert (renamed.display_name, renamed.question_count, renamed.etag) == ("Returned goods", 1, "2")
    stale = ask("UpdateQuestionSet", question_set={"name": name, "display_name": "No", "etag": "1"})
    assert await reason(stale) == "ETAG_MISMATCH"
    imported = await ask("ImportQuestions", parent=name, questions=[WRONG, ANSWERABLE, WRONG])
    assert (imported.added_count, imported.updated_count) == (1, 0), "importing the same again changes nothing"
    narrowed = pb.Question()
    narrowed.CopyFrom(WRONG)
    narrowed.must_contain.append("a week")
    imported = await ask("ImportQuestions", parent=name, questions=[narrowed, ANSWERABLE])
    assert (imported.added_count, imported.updated_count) == (0, 1), "only what changes is counted"
    listed = await in_pages(ask.listed(ask.stub.ListQuestions), pb.ListQuestionsRequest(parent=name))
    assert [question.text for question in listed] == [ANSWERABLE.text, WRONG.text]
    first, second = listed
    assert (list(first.documents), first.expectation, first.etag) == ([RETURNS], pb.EXPECTATION_ANSWER, "1")
    assert second.etag == "2"
    mask = FieldMask(paths=["must_contain", "language"])
    changed = await ask("UpdateQuestion", question={"name": first.name, "must_contain": ["a month"]}, update_mask=mask)
    assert (list(changed.must_contain), changed.text, list(changed.documents)) == (["a month"], ANSWERABLE.text, [RETURNS])
    assert changed == await ask("GetQuestion", name=first.name)
    assert await reason(ask("UpdateQuestion", question={"name": first.name, "text": WRONG.text})) == "QUESTION_EXISTS"
    assert await reason(ask("UpdateQuestion", question={"name": first.name, "text": " "})) == "TEXT_EMPTY"
    wrong_mask = FieldMask(paths=["message"])
    assert await reason(ask("UpdateQuestion", question={"name": first.name}, update_mask=wrong_mask)) == "UNKNOWN_FIELD"
    assert await reason(ask("UpdateQuestion", question={"name": first.name, "text": "x", "etag": "1"})) == "ETAG_MISMATCH"
    for question in (second, second):
        await ask("DeleteQuestion", name=question.name)
    assert await reason(ask("GetQuestion", name=second.name)) == "QUESTION_NOT_FOUND"
    other = await ask.made(id="other")
    sets = await in_pages(ask.listed(ask.stub.ListQuestionSets), pb.ListQuestionSetsRequest(parent=ORGANIZATION))
    assert [one.name for one in sets] == [other, name]
    await ask("DeleteQuestionSet", name=name)
    assert await reason(ask("GetQuestionSet", name=name)) == "QUESTION_SET_NOT_FOUND"
    assert await reason(ask("ListQuestions", parent=name)) == "QUESTION_SET_NOT_FOUND"
    assert await reason(ask("CreateQuestion", parent=name, question=TALK)) == "QUESTION_SET_NOT_FOUND"


async def test_a_set_is_bounded_and_an_import_adds_all_or_none(desk: Desk) -> None:
    ask = Evaluations(desk)
    name = await ask.made(*(pb.Question(text=f"Question {n}?") for n in range(MAX_QUESTIONS - 1)))
    two = [pb.Question(text="One more?"), pb.Question(text="Another one?")]
    assert await reason(ask("ImportQuestions", parent=name, questions=two)) == "TOO_MANY_QUESTIONS"
    assert (await ask("GetQuestionSet", name=name)).question_count == MAX_QUESTIONS - 1
    await ask("CreateQuestion", parent=name, question=two[0])
    assert await reason(ask("CreateQuestion", parent=name, question=two[1])) == "TOO_MANY_QUESTIONS"
    await ask("CreateQuestion", parent=name, question=two[0])
    blank = ask("ImportQuestions", parent=name, questions=[TALK, pb.Question(text="\u200b ")])
    with pytest.raises(errors.InvalidArgument, match=r"questions\[1\]\.text"):
        await blank


async def test_an_organization_has_so_many_sets(desk: Desk, postgres_url: str) -> None:
    ask = Evaluations(desk)
    await execute(
        postgres_url,
        "insert into question_set (organization, id, display_name, request_id) select 'acme', 's' || n, '', '' "
        "from generate_series(1, $1::int) n",
        MAX_SETS,
    )
    assert await reason(ask.made()) == "TOO_MANY_QUESTION_SETS"


async def test_only_those_who_may_see_and_test(desk: Desk) -> None:
    ask = Evaluations(desk)
    name = await ask.made(ANSWERABLE)
    reader, stranger = Evaluations(desk, "core.evaluations.read"), Evaluations(desk, organization="other")
    agent = Evaluations(desk, "core.replies.preview", "core.conversations.read")
    assert (await reader("GetQuestionSet", name=name)).name == name
    writes: list[tuple[str, dict[str, Any]]] = [
        ("CreateQuestion", {"parent": name, "question": TALK}),
        ("DeleteQuestionSet", {"name": name}),
        ("StartEvaluationRun", {"parent": ORGANIZATION, "evaluation_run": {"question_set": name}}),
    ]
    for method, fields in writes:
        assert await reason(reader(method, **fields)) == "PERMISSION_MISSING"
    assert await reason(agent("GetQuestionSet", name=name)) == "PERMISSION_MISSING"
    assert await reason(agent("ListUnansweredQuestions", parent=ORGANIZATION)) == "PERMISSION_MISSING"
    for method, fields in [*writes, ("GetQuestionSet", {"name": name})]:
        assert await reason(stranger(method, **fields)) == "ORGANIZATION_MISMATCH"
    foreign = {"question_set": "organizations/other/questionSets/x"}
    assert await reason(ask("StartEvaluationRun", parent=ORGANIZATION, evaluation_run=foreign)) == "ORGANIZATION_MISMATCH"


async def test_a_question_whose_answer_made_the_customer_ask_for_a_human_got_no_good_answer(desk: Desk) -> None:
    ask = Evaluations(desk)
    for follow_up in ("Talk to a human", "Thanks, that helps me a lot"):
        conversation = await desk.open(follow_up)
        await desk.say(conversation, f"{ANSWERABLE.text} {follow_up[0]}", follow_up[:4])
        await desk.until(conversation, 2)
        await desk.say(conversation, follow_up, follow_up)
        take = internal.TakeConversationRequest(
            name=conversation.name, agent=f"{ORGANIZATION}/agents/a1", agent_display_name="Agent"
        )
        await desk.inside.turns.TakeConversation(take, metadata=desk.as_service("agent"))
    listed = (await ask("ListUnansweredQuestions", parent=ORGANIZATION)).unanswered_questions
    assert [(group.text, group.count) for group in listed] == [(f"{ANSWERABLE.text} T", 1)]


async def test_questions_without_a_good_answer_are_grouped_and_added_to_a_set_and_erased_with_their_customer(
    desk: Desk,
) -> None:
    ask = Evaluations(desk)
    unknown = ["Could I return it in 1987?", "Is a robot 42 years old?", "could I RETURN it in 1987"]
    conversations = []
    for text in [*unknown, ANSWERABLE.text, "😀", "???"]:
        conversations.append(await desk.open(text))
        await desk.say(conversations[-1], text, text)
        await desk.until(conversations[-1], 2)
    conversation = conversations[2]
    groups = await in_pages(
        ask.listed(ask.stub.ListUnansweredQuestions), pb.ListUnansweredQuestionsRequest(parent=ORGANIZATION)
    )
    assert [(group.text, group.count) for group in groups] == [
        ("could I RETURN it in 1987", 2),
        ("Is a robot 42 years old?", 1),
    ]
    newest = groups[0].messages[0]
    assert newest.startswith(f"{conversation.name}/messages/")
    assert len(groups[0].messages) == 2
    assert groups[0].first_time.ToDatetime() < groups[0].last_time.ToDatetime()
    short = await ask("ListUnansweredQuestions", parent=ORGANIZATION, period=Duration(nanos=1))
    assert not short.unanswered_questions

    name = await ask.made(ANSWERABLE)
    taken = await ask("CreateQuestion", parent=name, question={"message": newest, "expectation": pb.EXPECTATION_NO_ANSWER})
    assert (taken.text, taken.message) == ("could I RETURN it in 1987", newest)
    missing = f"{conversation.name}/messages/none"
    assert await reason(ask("CreateQuestion", parent=name, question={"message": missing})) == "MESSAGE_NOT_FOUND"
    run = await ask.ended(await ask.started(name))
    assert len(await ask.results(run)) == 2
    token = desk.keys.user_token("acme", ["core.customers.delete"])
    erase = pb.DeleteCustomerRequest(name=conversation.customer)
    await client.call(desk.customers.DeleteCustomer, erase, token=token)
    listed = (await ask("ListUnansweredQuestions", parent=ORGANIZATION)).unanswered_questions
    assert [(group.text, group.count) for group in listed] == [
        ("Is a robot 42 years old?", 1),
        ("Could I return it in 1987?", 1),
    ]
    assert [question.text for question in (await ask("ListQuestions", parent=name)).questions] == [ANSWERABLE.text]
    assert [result.question.text for result in await ask.results(run)] == [ANSWERABLE.text]
    assert await reason(ask("CreateQuestion", parent=name, question={"message": newest})) == "MESSAGE_NOT_FOUND"
