"""The settings that this service reads from its environment."""

from datetime import timedelta

from pydantic import SecretStr

from kit.settings import ServiceSettings
from services.agent.domain.agent import HeartbeatRules


class Settings(ServiceSettings):
    """The agent service's settings."""

    redis_url: SecretStr
    """Presence and hints."""
    core_url: str
    """Host and port of core."""
    presence_interval_ms: int = 2_000
    """How often agents' screens send a heartbeat."""
    presence_expires_ms: int = 4_000
    """After which silence an agent counts as gone; others see it within a second more."""
    admin_url: str = ""
    """Host and port of admin, whose journal revokes tokens of users; empty: they are good until they expire."""
    inbox_most_unsent: int = 1_000
    """How many events a slow screen may be behind before its stream ends with ABORTED."""

    def heartbeat_rules(self) -> HeartbeatRules:
        """Presence by these settings."""
        return HeartbeatRules(
            interval=timedelta(milliseconds=self.presence_interval_ms),
            expires=timedelta(milliseconds=self.presence_expires_ms),
        )
