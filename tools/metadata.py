"""Reads the package's dependencies from the requirements files, so that they are written down once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface


class RequirementsMetadata(MetadataHookInterface):
    """Called by the build backend: requirements.in is what Frontdesk needs; -embedded and -dev are extras."""

    def update(self, metadata: dict[str, Any]) -> None:
        metadata["dependencies"] = self._requirements("requirements.in")
        metadata["optional-dependencies"] = {
            "embedded": self._requirements("requirements-embedded.in"),
            "dev": self._requirements("requirements-dev.in"),
        }

    def _requirements(self, name: str) -> list[str]:
        lines = (line.split("#")[0].strip() for line in Path(self.root, name).read_text().splitlines())
        return [line for line in lines if line and not line.startswith("-")]
