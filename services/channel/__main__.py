"""`python -m services.channel` runs the channel service."""

from kit import service
from services.channel.main import build
from services.channel.settings import Settings

if __name__ == "__main__":
    service.main("channel", Settings, build)
