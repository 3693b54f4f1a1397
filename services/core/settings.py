"""The settings of core."""

from typing import Literal

from pydantic import Field, SecretStr, field_validator

from kit.egress import EgressPolicy
from kit.settings import OutboundSettings
from services.core.domain import LEASE, Limit, micros, prices
from services.core.domain.contexts import context_of, contexts


class Settings(OutboundSettings):
    """Core's settings, from `FRONTDESK_*` variables."""

    redis_url: SecretStr = SecretStr("")
    """Live text and typing between replicas; empty: one replica."""
    mongo_url: SecretStr = SecretStr("")
    """Where transcripts are kept; empty: nowhere, and searching conversations answers UNAVAILABLE."""
    memory_url: str
    """Host and port of the memory service."""
    admin_url: str = ""
    """Host and port of admin, whose journal revokes tokens of users; empty: they are good until they expire."""
    channel_url: str = ""
    """Host and port of channel, whose journal revokes tokens of customers; empty: they are good until they expire."""
    assistant: Literal["", "extractive", "openai"] = ""
    """The kind of assistant; empty: openai when a key or a base URL is set, otherwise extractive."""
    openai_api_key: SecretStr = SecretStr("")
    openai_base_url: str = ""
    """An OpenAI-compatible endpoint, ending in /v1; empty: OpenAI's."""
    openai_model: str = "gpt-4o"
    openai_max_tokens: int = 800
    """The longest reply, in tokens."""
    openai_first_token_seconds: float = 15.0
    """How long a model may be silent before it is asked again."""
    openai_silent_seconds: float = Field(default=15.0, gt=0)
    """How long a model may be silent within its answer, which then ends with its last sentence."""
    reply_seconds: float = Field(default=300.0, ge=1)
    """How long a model may write an answer, which then ends with its last sentence."""
    openai_query_seconds: float = Field(default=2.0, ge=0)
    """How long a model may take to write a follow-up as a question that stands alone; 0: rules do it."""
    openai_judge_seconds: float = Field(default=3.0, ge=0)
    """How long a model may take to judge whether weak evidence answers; 0: the reply decides, whatever the scores."""
    openai_summary_seconds: float = Field(default=20.0, ge=0)
    """How long a model may take to summarize messages that no prompt has room for, after the reply; 0: it is never asked."""
    context_tokens: int = Field(default=16_000, ge=500)
    """How many tokens a prompt may have; organizations may set a lower limit."""
    model_contexts: str = ""
    """Contexts of models in tokens, `model=tokens` separated by commas; `*` is any other model."""
    lease_seconds: float = Field(default=LEASE.total_seconds(), ge=1)
    """How long a worker may be silent before its turn is another's."""
    max_turns: int = Field(default=200, ge=1)
    """How many turns may run at once in this process."""
    max_turns_per_organization: int = Field(default=16, ge=1)
    """How many turns of one organization may run at once in this process; the others wait."""
    budget_tokens: int = Field(default=0, ge=0)
    """How many tokens an organization's assistant may use in a day; 0: as many as it wants."""
    budget_money: str = "100"
    """How much money it may use in a day, in the price list's currency, such as `12.50`; 0: as much as it wants."""
    model_prices: str = ""
    """Prices for a million tokens, `model=input/output` separated by commas; they go before the built-in ones in US dollars."""
    turn_step_days: int = Field(default=30, ge=1, le=36_500)
    """How many days steps of turns are kept."""
    evaluation_run_days: int = Field(default=90, ge=1, le=36_500)
    """How many days runs of evaluations are kept after their end."""
    extractive_word_seconds: float = 0.012
    """The pace at which the extractive assistant's words appear."""
    retention_sweep_seconds: float = Field(default=60.0, gt=0)
    """How often conversations are looked for that have been kept as long as their organization keeps them."""

    @field_validator("budget_money")
    @classmethod
    def _is_money(cls, value: str) -> str:
        micros(value)
        return value

    @field_validator("model_prices")
    @classmethod
    def _is_price_list(cls, value: str) -> str:
        prices(value)
        return value

    @field_validator("model_contexts")
    @classmethod
    def _is_context_list(cls, value: str) -> str:
        contexts(value)
        return value

    @property
    def budget(self) -> Limit:
        """The budget of an organization for a day."""
        return Limit(self.budget_tokens, micros(self.budget_money))

    def context_of(self, model: str) -> int:
        """The context of a model, in tokens."""
        return context_of(model, contexts(self.model_contexts))

    def policy(self) -> EgressPolicy:
        """Where models that organizations choose may be."""
        stores = [self.redis_url.get_secret_value(), self.mongo_url.get_secret_value()]
        return self.egress(*stores, self.memory_url, self.admin_url, self.channel_url)

    @property
    def chosen_assistant(self) -> Literal["extractive", "openai"]:
        """The kind of assistant."""
        if self.assistant:
            return self.assistant
        return "openai" if self.openai_api_key.get_secret_value() or self.openai_base_url else "extractive"
