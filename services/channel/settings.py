"""What the channel service needs to know."""

from pydantic import Field, SecretStr

from kit.settings import ServiceSettings


class Settings(ServiceSettings):
    redis_url: SecretStr
    """`redis://host:port/0`; it holds counts that may vanish."""
    core_url: str = "127.0.0.1:7102"
    sessions_per_minute: int = Field(default=120, ge=1)
    """How many web-chat sessions one network address may open in a minute."""
    refreshes_per_minute: int = Field(default=600, ge=1)
    """How often the sessions of one network address may be refreshed in a minute."""
