"""The settings of the channel service."""

from pathlib import Path

from pydantic import Field, SecretStr

from kit.settings import ServiceSettings
from services.channel.domain.media import MAX_BYTES


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
    conversations_per_hour: int = Field(default=20, ge=1)
    """How many conversations one customer of a web chat may start in an hour, beside the first one."""
    media_listen: str = "127.0.0.1:0"
    """Host and port to serve the bytes of files on, by plain HTTP; port 0 takes a free one."""
    media_dir: Path | None = None
    """The folder that holds files, one for all replicas; without it and without a bucket no files are kept."""
    media_s3_bucket: str = ""
    """The bucket that holds files, instead of a folder."""
    media_s3_url: str = ""
    """Where it is, such as `https://s3.example.com`; empty: Amazon's S3."""
    media_s3_region: str = "us-east-1"
    media_s3_prefix: str = ""
    """In front of the name of each object, for a bucket that is shared."""
    media_s3_access_key: str = ""
    """Empty: as botocore finds it, such as by the pod's role."""
    media_s3_secret_key: SecretStr = SecretStr("")
    media_unfinished_uploads: int = Field(default=10, ge=1)
    """How many uploads of a session, a user or an API key may be unfinished at once."""
    media_unfinished_seconds: float = Field(default=3600.0, gt=0)
    """How long an upload may take, from its announcement to its last byte."""
    media_bytes_per_day: int = Field(default=10 << 30, ge=MAX_BYTES)
    """How many bytes of files an organization may receive in a day (UTC)."""
    media_customer_bytes_per_day: int = Field(default=256 << 20, ge=MAX_BYTES)
    """How many of them one customer may send."""
    media_lease_seconds: float = Field(default=10.0, gt=0)
    """How long an upload waits for a process that died in the middle of it."""
