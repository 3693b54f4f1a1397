"""The assistants of organizations: the installation's own, or models that an organization has chosen."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress

from kit.backoff import Backoff
from kit.egress import EgressPolicy
from kit.ids import OrganizationId
from kit.vault import CredentialsKeyMissing
from services.core.adapters.breakers import Breaker, Breakers
from services.core.adapters.secrets import Secret, StoredSecrets
from services.core.domain.model_problems import ModelProblem
from services.core.domain.policy import ModelChoice, Policy
from services.core.ports.assistant import Assistant, AssistantFailed

MAX_CLIENTS = 200
"""How many clients of models are kept open; those used last."""
CLOSE_SECONDS = 120.0
"""How long a client that is no longer used may still finish its replies."""
MAX_OUTPUT_TOKENS = 800
SECRET_SECONDS = 3.0
"""How long a trial waits for a secret that was just entered."""
SECRET_BACKOFF = Backoff(first=0.05, maximum=0.4)

_Key = tuple[OrganizationId, ModelChoice, int]
Installation = Callable[[str, float | None, int], Assistant | None]
"""Another model of the installation's provider, by name, temperature and longest reply; None: it has no provider."""


class OneAssistant:
    """The port Assistants, where every organization has the same."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    async def of(self, organization: OrganizationId, policy: Policy) -> Sequence[Assistant]:
        return [self._assistant]

    @asynccontextmanager
    async def trial(self, organization: OrganizationId, choice: ModelChoice | None, revision: int) -> AsyncIterator[Assistant]:
        if choice is not None or not self._assistant.max_tokens:
            raise AssistantFailed("This installation has no such model.", refused=True, problem=ModelProblem.NO_PROVIDER)
        yield self._assistant


class ChosenAssistants:
    """The port Assistants."""

    def __init__(
        self,
        default: Assistant,
        installation: Installation,
        secrets: StoredSecrets,
        egress: EgressPolicy,
        patience: float,
        silent_seconds: float,
        context_of: Callable[[str], int],
    ) -> None:
        self._default = default
        self._installation = installation
        self._secrets = secrets
        self._egress = egress
        self._patience = patience
        self._silent = silent_seconds
        self._breakers = Breakers()
        self._context_of = context_of
        self._clients: OrderedDict[_Key, Assistant] = OrderedDict()
        self._closing: set[asyncio.Task[None]] = set()

    async def of(self, organization: OrganizationId, policy: Policy) -> Sequence[Assistant]:
        if not policy.models:
            return [self._default]
        found, missing = [], ""
        for choice in policy.models:
            assistant = await self._client(organization, choice)
            if assistant is None:
                missing = choice.credential or choice.model
            else:
                found.append(assistant)
        if not found:
            raise AssistantFailed(f"The model can't be asked yet: the secret of {missing} is not here.", refused=True)
        return found

    @asynccontextmanager
    async def trial(self, organization: OrganizationId, choice: ModelChoice | None, revision: int) -> AsyncIterator[Assistant]:
        if choice is None:
            made: Assistant | None = self._default if self._default.max_tokens else None
        elif choice.credential:
            made = await self._of_provider(choice, await self._arrived(organization, choice.credential, revision), Breaker())
        else:
            made = self._installation(choice.model, choice.temperature, MAX_OUTPUT_TOKENS)
        if made is None:
            raise AssistantFailed("This installation has no such model.", refused=True, problem=ModelProblem.NO_PROVIDER)
        try:
            yield made
        finally:
            if made is not self._default:
                await _close(made)

    async def _arrived(self, organization: OrganizationId, credential: str, revision: int) -> Secret:
        """A secret once it is here. Raises AssistantFailed."""
        pauses = SECRET_BACKOFF.pauses()
        with suppress(TimeoutError):
            async with asyncio.timeout(SECRET_SECONDS):
                while (secret := await self._secret(organization, credential)) is None or secret.number < revision:
                    await pauses.wait()
                return secret
        said = f"The secret of {credential} is not here."
        raise AssistantFailed(said, refused=True, problem=ModelProblem.CREDENTIAL_NOT_HERE)

    async def _of_provider(self, choice: ModelChoice, secret: Secret, breaker: Breaker) -> Assistant:
        """A client of a model with a key of the organization's own."""
        from kit.outbound import Outbound
        from services.core.adapters.openai import OpenAIAssistant  # as for the installation's: it takes a second

        return OpenAIAssistant(
            *(secret.base_url, secret.key, choice.model, choice.max_output_tokens or MAX_OUTPUT_TOKENS, self._patience),
            temperature=choice.temperature,
            headers={secret.header: f"{secret.prefix}{secret.key}"},
            http=await Outbound(self._egress).session(),
            credential=choice.credential,
            silent_seconds=self._silent,
            breaker=breaker,
            context_tokens=self._context_of(choice.model),
        )

    async def _client(self, organization: OrganizationId, choice: ModelChoice) -> Assistant | None:
        secret = await self._secret(organization, choice.credential) if choice.credential else None
        if choice.credential and secret is None:
            return None
        key = (organization, choice, secret.number if secret else 0)
        if (known := self._clients.get(key)) is not None:
            self._clients.move_to_end(key)
            return known
        made: Assistant | None
        if secret is not None:
            breaker = self._breakers.of(secret.base_url, secret.key, choice.model)
            made = await self._of_provider(choice, secret, breaker)
        else:
            made = self._installation(choice.model, choice.temperature, choice.max_output_tokens or MAX_OUTPUT_TOKENS)
        if made is not None:
            self._clients[key] = made
        while len(self._clients) > MAX_CLIENTS:
            self._close_later(self._clients.popitem(last=False)[1])
        return made

    async def _secret(self, organization: OrganizationId, credential: str) -> Secret | None:
        try:
            return await self._secrets.get(organization, credential)
        except CredentialsKeyMissing:
            return None

    def _close_later(self, assistant: Assistant) -> None:
        async def close() -> None:
            await asyncio.sleep(CLOSE_SECONDS)
            await _close(assistant)

        task = asyncio.create_task(close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def close(self) -> None:
        """Closes all connections."""
        for task in self._closing:
            task.cancel()
        for assistant in self._clients.values():
            await _close(assistant)


async def _close(assistant: Assistant) -> None:
    close = getattr(assistant, "close", None)
    if close is not None:
        await close()
