"""Finds the files of models in installed packages."""

import importlib.util
from pathlib import Path


class MissingModel(Exception):
    """A package with a file of the model is not installed."""


def package_file(package: str, path: str) -> Path:
    """A file of an installed package, found without importing the package. Raises MissingModel."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None or not (file := Path(spec.origin).parent / path).is_file():
        raise MissingModel(
            f"The embedding model needs {path} of the package {package}: pip install {package.replace('_', '-')}"
        )
    return file
