"""An administrator tries a model: it works, or one sentence says what is wrong and what to do, and no secret is shown."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from frontdesk.admin import v1 as admin_pb
from frontdesk.core import v1 as core_pb

from kit import client, errors
from tests.rpc.admin.desk import Shop
from tests.rpc.core import model as models
from tests.rpc.feeds.conftest import Pair
from tests.rpc.feeds.test_feeds import reason, within

pytestmark = pytest.mark.servers
KEY = "sk-very-secret"


@pytest_asyncio.fixture
async def model() -> AsyncIterator[models.Model]:
    async with models.Model().serving() as running:
        yield running


async def credential(pair: Pair, shop: Shop, url: str) -> admin_pb.Credential:
    """A key for a model, as its owner enters it."""
    fields: dict[str, Any] = {"display_name": "M", "user": "CREDENTIAL_USER_CORE", "api_key": {"key": KEY}, "base_url": url}
    create = admin_pb.CreateCredentialRequest(parent=shop.name, credential_id="own", credential=fields)
    made: admin_pb.Credential = await pair.admin.call(pair.admin.credentials.CreateCredential, create, shop.token("owner"))
    return made


async def run(pair: Pair, shop: Shop, **fields: Any) -> core_pb.TestModelResponse:
    """A trial of a model."""
    token = fields.pop("token", pair.keys.user_token(shop.id, ["core.replies.preview"]))
    request = core_pb.TestModelRequest(parent=shop.name, **fields)
    tried: core_pb.TestModelResponse = await client.call(
        core_pb.ReplyServiceStub(pair.core).TestModel, request, token=token, timeout=15
    )
    return tried


async def test_a_model_works_as_soon_as_its_key_is_entered(pair: Pair, model: models.Model) -> None:
    shop = await pair.admin.shop()
    made = await credential(pair, shop, model.url)
    tried = await run(pair, shop, model="gpt-4o-mini", credential=made.name, credential_revision=made.revision)
    assert (tried.works, tried.problem, tried.message) == (True, core_pb.MODEL_PROBLEM_UNSPECIFIED, "")
    assert (tried.tokens.input_tokens, tried.tokens.output_tokens) == (7, 3)
    assert tried.HasField("cost")
    assert tried.duration.ToTimedelta() >= tried.first_text_duration.ToTimedelta()
    [asked] = model.asked
    assert (asked["model"], asked["stream"]) == ("gpt-4o-mini", True), "it is asked as for a reply"
    key = admin_pb.Credential(name=made.name, api_key={"key": "sk-new"})
    update = admin_pb.UpdateCredentialRequest(credential=key)
    changed = await pair.admin.call(pair.admin.credentials.UpdateCredential, update, shop.token("owner"))
    assert changed.revision > made.revision
    tried = await run(pair, shop, model="m", credential=made.name, credential_revision=changed.revision)
    assert tried.works
    assert not tried.HasField("cost"), "no price is known"


WRONG = {
    "401": (models.status(401), core_pb.MODEL_PROBLEM_KEY_REFUSED),
    "403": (models.status(403), core_pb.MODEL_PROBLEM_KEY_REFUSED),
    "404": (models.status(404), core_pb.MODEL_PROBLEM_MODEL_NOT_FOUND),
    "429": (models.status(429, "retry-after: 3600"), core_pb.MODEL_PROBLEM_LIMIT_REACHED),
    "400": (models.status(400), core_pb.MODEL_PROBLEM_REQUEST_REFUSED),
    "500": (models.status(500), core_pb.MODEL_PROBLEM_PROVIDER_FAILED),
    "301": (models.status(301, "location: http://127.0.0.1:1/"), core_pb.MODEL_PROBLEM_ANSWER_UNREADABLE),
    "no JSON": (models.raw(b"data: oops\n\n"), core_pb.MODEL_PROBLEM_ANSWER_UNREADABLE),
    "a web page": (models.raw(b"<html>Welcome</html>\n"), core_pb.MODEL_PROBLEM_ANSWER_UNREADABLE),
    "an error": (models.raw(b'data: {"error":{"message":"sk-very-secret"}}\n\n'), core_pb.MODEL_PROBLEM_PROVIDER_FAILED),
    "no words": (models.says(), core_pb.MODEL_PROBLEM_ANSWER_EMPTY),
    "cut": (models.cut, core_pb.MODEL_PROBLEM_NOT_REACHABLE),
}


async def test_what_is_wrong_is_said_in_a_sentence_without_a_repetition(pair: Pair, model: models.Model) -> None:
    shop = await pair.admin.shop()
    name = (await credential(pair, shop, model.url)).name
    for answer, problem in WRONG.values():
        model.script, asked = [answer], len(model.asked)
        tried = await run(pair, shop, model="m", credential=name)
        assert (tried.works, core_pb.ModelProblem.Name(tried.problem)) == (False, core_pb.ModelProblem.Name(problem))
        assert tried.message.endswith((".", ")."))
        assert KEY not in str(tried)
        assert len(model.asked) == asked + 1
    assert (await run(pair, shop, model="m", credential=name)).works, "failed trials keep no one from asking"


async def test_an_address_that_must_not_be_called_is_another_problem_than_a_server_that_is_not_there(pair: Pair) -> None:
    shop = await pair.admin.shop()
    name = (await credential(pair, shop, "http://127.0.0.1:1/v1")).name
    assert (await run(pair, shop, model="m", credential=name)).problem == core_pb.MODEL_PROBLEM_NOT_REACHABLE
    await pair.stop("core")
    pair.settings["core"] = pair.settings["core"].model_copy(update={"fetch_allow": "10.0.0.0/8"})
    await pair.start("core")
    assert (await run(pair, shop, model="m", credential=name)).problem == core_pb.MODEL_PROBLEM_ADDRESS_NOT_ALLOWED


async def test_a_silent_server_looks_like_one_that_is_not_there(pair: Pair, model: models.Model) -> None:
    shop = await pair.admin.shop()
    name = (await credential(pair, shop, model.url)).name
    await pair.stop("core")
    pair.settings["core"] = pair.settings["core"].model_copy(update={"openai_first_token_seconds": 0.3})
    await pair.start("core")
    model.usual = models.silent
    tried = await run(pair, shop, model="m", credential=name)
    assert tried.problem == core_pb.MODEL_PROBLEM_NOT_REACHABLE


async def test_a_missing_key_a_missing_provider_and_a_missing_permission_have_reasons(pair: Pair) -> None:
    shop = await pair.admin.shop()
    tried = await run(pair, shop, model="m", credential=f"{shop.name}/credentials/nowhere")
    assert tried.problem == core_pb.MODEL_PROBLEM_CREDENTIAL_NOT_HERE
    for model in ("", "gpt-4o"):
        assert (await run(pair, shop, model=model)).problem == core_pb.MODEL_PROBLEM_NO_PROVIDER
    other = await pair.admin.shop()
    assert await reason(run(pair, shop, model="m", credential=f"{other.name}/credentials/own")) == "ORGANIZATION_MISMATCH"
    agent = pair.keys.user_token(shop.id, ["core.replies.suggest"])
    assert await reason(run(pair, shop, token=agent)) == "PERMISSION_MISSING"
    with pytest.raises(errors.InvalidArgument, match="model"):
        await run(pair, shop, credential=f"{shop.name}/credentials/own")


async def test_a_trial_is_charged_to_the_budget(pair: Pair, model: models.Model) -> None:
    shop = await pair.admin.shop()
    name = (await credential(pair, shop, model.url)).name
    await pair.publish(shop, "budget", {"daily": {"nanos": 1000}})

    async def refused() -> bool:
        return await reason(run(pair, shop, model="gpt-4o", credential=name)) == "BUDGET_USED_UP"

    await within(10, refused)
