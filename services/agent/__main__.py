"""Runs the agent service: `python -m services.agent`."""

from kit import service
from services.agent.main import build
from services.agent.settings import Settings

if __name__ == "__main__":
    service.main("agent", Settings, build)
