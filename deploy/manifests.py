"""Reads the Kubernetes and Istio manifests and checks them against the real schemas, without a cluster.

The schemas are cloudcoil's pydantic models. They ignore unknown keys, so a misspelt one would pass; a round trip finds it:
a key that does not come out again is unknown.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from deploy.contracts import ROOT

DEPLOY = ROOT / "deploy"
FOLDERS = (DEPLOY / "kubernetes", DEPLOY / "kubernetes" / "stores", DEPLOY / "istio")
_PACKAGES = {
    "v1": "kubernetes.core.v1",
    "apps/v1": "kubernetes.apps.v1",
    "autoscaling/v2": "kubernetes.autoscaling.v2",
    "batch/v1": "kubernetes.batch.v1",
    "networking.k8s.io/v1": "kubernetes.networking.v1",
    "policy/v1": "kubernetes.policy.v1",
    "networking.istio.io/v1": "istio.networking.v1",
    "security.istio.io/v1": "istio.security.v1",
    "telemetry.istio.io/v1": "istio.telemetry.v1",
}


@dataclass(frozen=True, slots=True)
class Manifest:
    """One document of a file."""

    file: Path
    document: Mapping[str, Any]

    @property
    def kind(self) -> str:
        return str(self.document.get("kind", ""))

    @property
    def name(self) -> str:
        return str(self.document["metadata"]["name"])

    @property
    def spec(self) -> Mapping[str, Any]:
        return self.document.get("spec") or {}

    def __str__(self) -> str:
        return f"{self.file.relative_to(ROOT)}: {self.kind} {self.name}"


def manifests(folder: Path) -> Iterator[Manifest]:
    """Yields the manifests that a folder's kustomization lists, in its order. Other folders that it lists are left out."""
    for resource in kustomization(folder).get("resources", ()):
        if (folder / resource).is_file():
            for document in yaml.safe_load_all((folder / resource).read_text()):
                yield Manifest(folder / resource, document)


def kustomization(folder: Path) -> Mapping[str, Any]:
    """The folder's kustomization.yaml."""
    loaded: Mapping[str, Any] = yaml.safe_load((folder / "kustomization.yaml").read_text())
    return loaded


def problems(document: Mapping[str, Any]) -> list[str]:
    """The errors of a manifest: empty when it matches the schema of its kind."""
    version, kind = str(document.get("apiVersion")), str(document.get("kind"))
    model = _model(version, kind)
    if model is None:
        return [f"no schema for {version} {kind}"]
    try:
        understood = model.model_validate(document)
    except ValidationError as error:
        return [f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in error.errors(include_url=False)]
    out = understood.model_dump(by_alias=True, exclude_unset=True, mode="json")
    return [f"{path}: unknown" for path in sorted(set(_paths(document)) - set(_paths(out)))]


@cache
def _model(version: str, kind: str) -> type[BaseModel] | None:
    package = _PACKAGES.get(version)
    if package is None:
        return None
    model = getattr(importlib.import_module(f"cloudcoil.models.{package}"), kind, None)
    return model if isinstance(model, type) and issubclass(model, BaseModel) else None


def _paths(value: object, prefix: str = "") -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield f"{prefix}.{key}"
            yield from _paths(inner, f"{prefix}.{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _paths(inner, f"{prefix}[{index}]")
