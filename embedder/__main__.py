"""`python -m embedder --listen 127.0.0.1:7106` serves the local embedding model until SIGTERM."""

import argparse
import asyncio
import logging
import os
import signal
import sys

from embedder import ENGLISH, MULTILINGUAL


def main() -> None:
    """Reads the arguments, loads the model, serves."""
    parser = argparse.ArgumentParser(prog="embedder", description="Serves an embedding model, OpenAI-compatible.")
    parser.add_argument("--listen", default="127.0.0.1:7106", help="host:port; port 0 takes a free one (default: %(default)s)")
    parser.add_argument(
        "--model",
        default=MULTILINGUAL,
        choices=[MULTILINGUAL, ENGLISH],
        help="the second one is smaller, quicker, and knows English only (default: %(default)s)",
    )
    parser.add_argument("--threads", type=int, default=1, help="processor threads per run (default: %(default)s)")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    # Vectors are small: more threads for numpy only wait. Set before numpy is loaded.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    asyncio.run(_serve(arguments.listen, arguments.model, max(1, arguments.threads)))


async def _serve(listen: str, name: str, threads: int) -> None:
    from embedder.api import Api
    from embedder.files import MissingModel
    from embedder.http import Server
    from embedder.lanes import Lanes
    from embedder.model import Model

    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        model = Model(name, threads)
    except MissingModel as problem:
        sys.exit(str(problem))
    model.run(*model.encode(["The first run is slower than the others."]))
    lanes = Lanes(model)
    server = Server(Api(lanes.embed, name).answer)
    host, _, port = listen.rpartition(":")
    try:
        bound = await server.start(host.strip("[]") or "127.0.0.1", int(port))
    except OSError as problem:
        sys.exit(f"embedder can't listen on {listen}: {problem.strerror or problem}")
    print(f"embedder listens on {host}:{bound}", flush=True)
    await stop.wait()
    await server.stop()
    lanes.close()


if __name__ == "__main__":
    main()
