"""An S3 store for tests: moto's server, behind a door that lets in only what is rightly signed."""

from tests.s3.server import KEY, REGION, S3, SECRET, S3Server, guarded

__all__ = ["KEY", "REGION", "S3", "SECRET", "S3Server", "guarded"]
