"""An S3 store for tests: moto's server, behind a proxy that accepts only correctly signed requests."""

from tests.s3.server import KEY, REGION, S3, SECRET, S3Server, guarded

__all__ = ["KEY", "REGION", "S3", "SECRET", "S3Server", "guarded"]
