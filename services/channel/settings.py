"""The settings of the channel service."""

from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator

from kit.egress import EgressPolicy
from kit.settings import OutboundSettings
from services.channel.domain.mail import MailLimits, MailServer, operators_server
from services.channel.domain.media import MAX_BYTES


class Settings(OutboundSettings):
    redis_url: SecretStr
    """`redis://host:port/0`; it holds counts that may vanish."""
    core_url: str = "127.0.0.1:7102"
    agent_url: str = ""
    """Host and port of agent, which knows whether humans are there; empty: customers read that it is not known."""
    admin_url: str = ""
    """Host and port of admin, whose journal revokes tokens of users; empty: they are good until they expire."""
    twilio_url: str = "https://api.twilio.com"
    """Where Twilio's REST API is; another region's, or what stands in for it in tests."""
    public_url: str = Field(default="", pattern=r"^(https?://[^\s?#]+)?$")
    """Where providers reach the gateway, such as `https://support.example.com`; empty: they get no files from us."""
    poll_seconds: float = Field(default=60.0, ge=1)
    """How often customers' messages that no webhook brought are looked for at their provider."""
    delivery_settled_seconds: float = Field(default=60.0, ge=1)
    """After this time a message whose answer got lost, and that its provider does not list, was certainly not accepted."""
    sessions_per_minute: int = Field(default=120, ge=1)
    """How many web-chat sessions one network address may open in a minute."""
    returns_per_minute: int = Field(default=600, ge=1)
    """How often one network address may ask in a minute for sessions of returning customers, as each page they look at does."""
    messages_per_minute: int = Field(default=30, ge=1)
    """How many messages a web-chat session may send in a minute, half of them at once; a customer three times as many."""
    typing_per_minute: int = Field(default=60, ge=1)
    """How often a session may say in a minute that its customer types, or begin a Chat; a customer three times as often."""
    refreshes_per_minute: int = Field(default=600, ge=1)
    """How often the sessions of one network address may be refreshed in a minute."""
    conversations_per_hour: int = Field(default=20, ge=1)
    """How many conversations one customer of a web chat may start in an hour, beside the first one."""
    smtp_url: SecretStr = SecretStr("")
    """The mail server of organizations that name none: `smtp://user:password@smtp.example.com:587` (STARTTLS), `smtps://…:465`
    (TLS), or `smtp+plain://localhost:25` on this machine; empty: those organizations send no mails."""
    smtp_from: str = Field(default="", pattern=r"^([^@\s<>,]+@[^@\s<>,]+)?$")
    """The address that mails by it are from."""
    smtp_from_name: str = Field(default="", max_length=100)
    """The name that goes with it, such as `Support`."""
    mails_per_address_per_day: int = Field(default=20, ge=1)
    """How many mails one address may get in a day, of an organization."""
    confirmations_per_address_per_day: int = Field(default=3, ge=1)
    """How many of them may ask its owner to confirm it."""
    mails_per_session_per_hour: int = Field(default=5, ge=1)
    """How many mails a web-chat session may ask for in an hour."""
    mails_per_day: int = Field(default=1000, ge=1)
    """How many mails an organization may send in a day."""
    mail_after_seconds: float = Field(default=60.0, ge=0)
    """How long a customer has time to read an answer in the chat before it is mailed to the address that they left."""
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

    @model_validator(mode="after")
    def _mail(self) -> "Settings":
        if self.smtp_url.get_secret_value() and not self.smtp_from:
            raise ValueError("FRONTDESK_SMTP_URL needs FRONTDESK_SMTP_FROM, the address that mails are from")
        self.mail_server()
        return self

    def mail_server(self) -> MailServer | None:
        """The operator's mail server; None: there is none. Raises ValueError."""
        return operators_server(self.smtp_url.get_secret_value(), self.smtp_from, self.smtp_from_name)

    @property
    def mail_limits(self) -> MailLimits:
        """How many mails may be sent."""
        return MailLimits(
            address_per_day=self.mails_per_address_per_day,
            confirmations_per_day=self.confirmations_per_address_per_day,
            session_per_hour=self.mails_per_session_per_hour,
            organization_per_day=self.mails_per_day,
        )

    @property
    def own_hosts(self) -> frozenset[str]:
        """The host of `public_url`, with its port: its pages are Frontdesk's own."""
        return frozenset({urlsplit(self.public_url).netloc.lower()} - {""})

    @property
    def provider_egress(self) -> EgressPolicy:
        """The hosts that a provider may redirect to."""
        return self.egress(
            *(self.redis_url.get_secret_value(), self.core_url, self.admin_url, self.agent_url),
            *(self.media_listen, self.media_s3_url),
        )
