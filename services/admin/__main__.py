"""Runs admin: `python -m services.admin`."""

from kit import service
from services.admin.main import build
from services.admin.settings import Settings

if __name__ == "__main__":
    service.main("admin", Settings, build)
