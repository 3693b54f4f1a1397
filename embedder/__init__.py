"""The local embedding model as a small server: OpenAI-compatible `/v1/embeddings`, no network, no key.

    python -m embedder --listen 127.0.0.1:7106

`model` finds and runs multilingual-e5-small or all-MiniLM-L6-v2, `lanes` decides what runs next, `http` and `api` speak with
clients. It is a separate process, so that the model's memory and processor time are isolated, and any other OpenAI-compatible
server can take its place.
"""

import os

# Otherwise onnxruntime keeps a device id in the home folder and reports to its makers.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

MULTILINGUAL = "multilingual-e5-small"
ENGLISH = "all-MiniLM-L6-v2"
