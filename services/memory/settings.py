"""The settings of the memory service."""

from pydantic import Field, SecretStr

from kit.egress import EgressPolicy
from kit.settings import OutboundSettings


class Settings(OutboundSettings):
    mongo_url: SecretStr
    """For the texts of documents and passages; PostgreSQL keeps their records."""
    chroma_url: str
    """`http://host:port` of a Chroma server."""
    redis_url: SecretStr = SecretStr("")
    """For hints between processes; empty: each process sees a change by others within a second."""
    embeddings_url: str
    """Base of an OpenAI-compatible interface, ending in `/v1`."""
    embeddings_model: str = "multilingual-e5-small"
    embeddings_api_key: SecretStr = SecretStr("")
    exact_passages: int = Field(default=100_000, ge=0)
    """Of organizations of at most so many passages this process has the words and the vectors, of larger ones the words."""
    exact_bytes: int = Field(default=192 << 20, ge=1 << 20)
    """How much all copies may take; those used last are kept."""
    admin_url: str = ""
    """Host and port of admin, whose journal revokes tokens of users; empty: they are good until they expire."""
    former_passage_days: int = Field(default=30, ge=1, le=36_500)
    """How many days passages of former revisions can still be read by their names, as citations and prompts do."""
    index_workers: int = Field(default=2, ge=0, le=16)
    """Documents indexed at the same time in this process."""

    crawl_workers: int = Field(default=2, ge=0, le=16)
    """Sites crawled at the same time in this process."""
    crawl_pause_seconds: float = Field(default=1.0, ge=0.05, le=60)
    """How long a host is left alone between two requests of crawls, over all processes and organizations."""

    def policy(self) -> EgressPolicy:
        """Where web pages may be fetched from."""
        stores = [self.mongo_url.get_secret_value(), self.redis_url.get_secret_value(), self.chroma_url]
        return self.egress(*stores, self.embeddings_url, self.admin_url)
