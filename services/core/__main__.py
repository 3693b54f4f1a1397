"""`python -m services.core`."""

from kit import service
from services.core.main import build
from services.core.settings import Settings

if __name__ == "__main__":
    service.main("core", Settings, build)
