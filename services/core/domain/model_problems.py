"""Why a model doesn't work, in words for those who set it up."""

from enum import StrEnum


class ModelProblem(StrEnum):
    """A problem with a model, its key or its address."""

    KEY_REFUSED = "KEY_REFUSED"
    MODEL_NOT_FOUND = "MODEL_NOT_FOUND"
    NOT_REACHABLE = "NOT_REACHABLE"
    """Also a server that says nothing: it must not be seen whether a port is closed or silent."""
    ADDRESS_NOT_ALLOWED = "ADDRESS_NOT_ALLOWED"
    LIMIT_REACHED = "LIMIT_REACHED"
    REQUEST_REFUSED = "REQUEST_REFUSED"
    PROVIDER_FAILED = "PROVIDER_FAILED"
    ANSWER_UNREADABLE = "ANSWER_UNREADABLE"
    ANSWER_EMPTY = "ANSWER_EMPTY"
    CREDENTIAL_NOT_HERE = "CREDENTIAL_NOT_HERE"
    NO_PROVIDER = "NO_PROVIDER"
    """The installation has no model of its own."""


_REMEDIES = {
    ModelProblem.KEY_REFUSED: (
        "The provider refuses the key. Copy it again, without spaces, and check that it may use this model."
    ),
    ModelProblem.MODEL_NOT_FOUND: (
        "The provider doesn't know this model. Check its name, and that the base URL ends as the provider says, often with /v1."
    ),
    ModelProblem.NOT_REACHABLE: (
        "No answer came from this base URL. Check the address and that the server runs; a local model may still be loading."
    ),
    ModelProblem.ADDRESS_NOT_ALLOWED: (
        "This base URL must not be called: it is not https, or leads to a private network. Your operator can allow a network"
        " (FRONTDESK_FETCH_ALLOW)."
    ),
    ModelProblem.LIMIT_REACHED: (
        "The provider says that its limit is reached. Check the credit of your account there, or try again in a minute."
    ),
    ModelProblem.REQUEST_REFUSED: (
        "The provider refuses the request. Choose a model that chats, and leave the temperature empty if it takes none."
    ),
    ModelProblem.PROVIDER_FAILED: "The provider reports an error of its own. Try again in a minute.",
    ModelProblem.ANSWER_UNREADABLE: (
        "The answer is not that of an OpenAI-compatible server. Check the base URL: it often ends with /v1."
    ),
    ModelProblem.ANSWER_EMPTY: (
        "The model answered without a word. If it reasons first, allow it longer replies, or choose another model."
    ),
    ModelProblem.CREDENTIAL_NOT_HERE: "The key has not arrived at the assistant yet. Try again in a few seconds.",
    ModelProblem.NO_PROVIDER: "This installation has no model of its own. Choose a provider and enter its key.",
}


def remedy(problem: ModelProblem) -> str:
    """The problem, then the remedy."""
    return _REMEDIES[problem]


def of_status(status: int) -> ModelProblem:
    """The problem that a provider's HTTP status other than 200 means."""
    match status:
        case 401 | 403:
            return ModelProblem.KEY_REFUSED
        case 404:
            return ModelProblem.MODEL_NOT_FOUND
        case 402 | 429:
            return ModelProblem.LIMIT_REACHED
        case _ if status >= 500:
            return ModelProblem.PROVIDER_FAILED
        case _ if status >= 400:
            return ModelProblem.REQUEST_REFUSED
    return ModelProblem.ANSWER_UNREADABLE
