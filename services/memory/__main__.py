"""`python -m services.memory` runs the memory service."""

import os

# Vectors of one organization fit into a core's cache: a second thread for a product only waits, and burns a core while it does.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from kit import service
from services.memory.main import build
from services.memory.settings import Settings

if __name__ == "__main__":
    service.main("memory", Settings, build)
