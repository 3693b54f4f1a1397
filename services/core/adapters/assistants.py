"""The assistants of organizations: the installation's own, or models that an organization has chosen."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence

from kit.egress import EgressPolicy
from kit.ids import OrganizationId
from kit.vault import CredentialsKeyMissing
from services.core.adapters.secrets import Secret, StoredSecrets
from services.core.domain.policy import ModelChoice, Policy
from services.core.ports import Assistant, AssistantFailed

MAX_CLIENTS = 200
"""How many clients of models are kept open; those used last."""
CLOSE_SECONDS = 120.0
"""How long a client that is no longer used may still finish its replies."""
MAX_OUTPUT_TOKENS = 800

_Key = tuple[OrganizationId, ModelChoice, int]
Installation = Callable[[str, float | None, int], Assistant | None]
"""Another model of the installation's provider, by name, temperature and longest reply; None: it has no provider."""


class OneAssistant:
    """The port Assistants, where every organization has the same."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    async def of(self, organization: OrganizationId, policy: Policy) -> Sequence[Assistant]:
        return [self._assistant]


class ChosenAssistants:
    """The port Assistants."""

    def __init__(
        self, default: Assistant, installation: Installation, secrets: StoredSecrets, egress: EgressPolicy, patience: float
    ) -> None:
        self._default = default
        self._installation = installation
        self._secrets = secrets
        self._egress = egress
        self._patience = patience
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

    async def _client(self, organization: OrganizationId, choice: ModelChoice) -> Assistant | None:
        secret = await self._secret(organization, choice.credential) if choice.credential else None
        if choice.credential and secret is None:
            return None
        key = (organization, choice, secret.number if secret else 0)
        if (known := self._clients.get(key)) is not None:
            self._clients.move_to_end(key)
            return known
        most = choice.max_output_tokens or MAX_OUTPUT_TOKENS
        made: Assistant | None
        if secret is not None:
            from kit.outbound import Outbound
            from services.core.adapters.openai import OpenAIAssistant  # as for the installation's: it takes a second

            made = OpenAIAssistant(
                *(secret.base_url, secret.key, choice.model, most, self._patience),
                temperature=choice.temperature,
                headers={secret.header: f"{secret.prefix}{secret.key}"},
                http=await Outbound(self._egress).session(),
            )
        else:
            made = self._installation(choice.model, choice.temperature, most)
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
