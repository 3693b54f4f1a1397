"""The settings of admin."""

from pydantic import Field, SecretStr

from kit.settings import OutboundSettings


class Settings(OutboundSettings):
    """Read once, in `__main__`."""

    redis_url: SecretStr = SecretStr("")
    """Counts attempts to sign in over all replicas; empty: PostgreSQL counts them."""
    core_url: str = ""
    """Host and port of core, whose journal reports count; empty: they count nothing."""
    channel_url: str = ""
    """Host and port of channel, which sends mails to users; empty: none is mailed."""
    trusted_hops: int = Field(1, ge=0, le=10)
    """How many proxies of ours add to `x-forwarded-for`; 0: the header is not believed."""
    public_url: str = Field(default="", pattern=r"^(https?://[^\s?#]+)?$")
    """Where people reach the gateway, such as `https://support.example.com`; empty: links are paths, and none is mailed."""
    password_memory_kib: int = Field(19 * 1024, ge=8, le=1024 * 1024)
    """argon2id: memory of one hash. Raising it makes stored hashes again as users sign in."""
    password_iterations: int = Field(2, ge=1, le=20)
    """argon2id: passes over that memory."""
    password_threads: int = Field(2, ge=1, le=16)
    """How many hashes are computed at once."""
    organization_grace_hours: float = Field(7 * 24, ge=0, le=90 * 24)
    """How long a deleted organization can be restored before its data is erased."""
