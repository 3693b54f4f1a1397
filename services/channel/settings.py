"""What the channel service needs to know."""

from pydantic import Field, SecretStr

from kit.settings import ServiceSettings


class Settings(ServiceSettings):
    redis_url: SecretStr
    """`redis://host:port/0`; it holds counts that may vanish."""
    core_url: str = "127.0.0.1:7102"
    admin_url: str = ""
    """Host and port of admin, whose journal revokes tokens of users; empty: they are good until they expire."""
    twilio_url: str = "https://api.twilio.com"
    """Where Twilio's REST API is; another region's, or what stands in for it in tests."""
    poll_seconds: float = Field(default=60.0, ge=1)
    """How often customers' messages that no webhook brought are looked for at their provider."""
    delivery_settled_seconds: float = Field(default=60.0, ge=1)
    """After this time a message whose answer got lost, and that its provider does not list, was certainly not accepted."""
    sessions_per_minute: int = Field(default=120, ge=1)
    """How many web-chat sessions one network address may open in a minute."""
    messages_per_minute: int = Field(default=30, ge=1)
    """How many messages a web-chat session may send in a minute, half of them at once; a customer three times as many."""
    typing_per_minute: int = Field(default=60, ge=1)
    """How often a session may say in a minute that its customer types, or begin a Chat; a customer three times as often."""
    refreshes_per_minute: int = Field(default=600, ge=1)
    """How often the sessions of one network address may be refreshed in a minute."""
