"""The programs except the stores: the embedder, the five services, the web pages and the gateway."""

from __future__ import annotations

import asyncio
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from gateway.render import Missing, render
from stack import variables
from stack.binaries import check_libraries, only, package_folder
from stack.home import REPOSITORY, write_private
from stack.keys import SERVICES
from stack.problems import Problem
from stack.process import Program
from stack.settings import STORES, Settings

NEEDS: Mapping[str, tuple[str, ...]] = {
    "channel": ("postgres", "redis"),
    "core": ("postgres", "redis"),
    "memory": ("postgres", "mongo", "redis", "chroma", "embeddings"),
    "agent": ("postgres", "redis"),
    "admin": ("postgres", "redis"),
}
"""The stores of each service: they have to answer before it starts."""
USES: Mapping[str, tuple[str, ...]] = {"core": ("mongo",)}
"""Stores whose address a service gets, too, but starts without. It gets no other store's address."""

SMALL = {"MALLOC_ARENA_MAX": "2", "GRPC_ENABLE_FORK_SUPPORT": "0"}
"""Settings that keep our Python processes small."""


class NotServing(Exception):
    """A program answers that it is not ready; by HTTP with a status."""

    def __init__(self, reason: str, status: int = 0) -> None:
        super().__init__(reason)
        self.status = status


def addresses(settings: Settings) -> dict[str, str]:
    """The addresses of the services and the web pages for every program: on this machine, or as configured."""
    found = {}
    for name in (*SERVICES, "web"):
        key = f"FRONTDESK_{name.upper()}_URL"
        here = ",".join(f"127.0.0.1:{port}" for port in settings.processes(name).values())
        found[key] = settings.environment.get(key) or here
    media = ",".join(f"127.0.0.1:{port}" for port in settings.media_ports.values())
    found["FRONTDESK_MEDIA_URL"] = settings.environment.get("FRONTDESK_MEDIA_URL") or media
    return found


def services(settings: Settings, name: str, stores: Mapping[str, str]) -> list[Program]:
    """The processes of a service; `stores` holds the URLs of its stores, with its own role for Postgres."""
    return [_service(settings, name, each, port, stores) for each, port in settings.processes(name).items()]


def _service(settings: Settings, service: str, name: str, port: int, stores: Mapping[str, str]) -> Program:
    env = {
        **SMALL,
        **variables.for_service(service, {**_without_stores(settings), **addresses(settings), **_denied(settings)}),
        **{f"FRONTDESK_{store.upper()}_URL": url for store, url in stores.items()},
        "FRONTDESK_KEYS_DIR": str(settings.home.keys_of(service)),
        "FRONTDESK_LISTEN": f"127.0.0.1:{port}",
        "FRONTDESK_METRICS_LISTEN": f"127.0.0.1:{settings.metrics[name]}",
    }
    if service == "channel":
        env["FRONTDESK_MEDIA_LISTEN"] = f"127.0.0.1:{settings.media_ports[name]}"
        env.setdefault("FRONTDESK_MEDIA_DIR", str(settings.home.data / "media"))
    return Program(
        name=name,
        argv=(sys.executable, "-m", f"services.{service}"),
        check=lambda: _check_grpc(port),
        port=port,
        metrics=settings.metrics[name],
        env=env,
        cwd=REPOSITORY,
        stop_within=28.0,  # a service drains for 20 s
    )


def _denied(settings: Settings) -> dict[str, str]:
    """The ports of this stack: no document's address may lead to one, even if an operator allows loopback."""
    ports = {*settings.ports.model_dump().values(), *(p for name in SERVICES for p in settings.processes(name).values())}
    given = settings.environment.get("FRONTDESK_FETCH_DENY", "")
    return {"FRONTDESK_FETCH_DENY": ",".join([*filter(None, [given]), *(f"127.0.0.1:{port}" for port in sorted(ports))])}


def embedder(settings: Settings) -> Program:
    """The local embedding model behind an OpenAI-compatible interface."""
    port = settings.ports.embedder
    model = settings.environment.get("FRONTDESK_EMBEDDINGS_MODEL")
    return Program(
        name="embedder",
        argv=(sys.executable, "-m", "embedder", "--listen", f"127.0.0.1:{port}", *(["--model", model] if model else [])),
        check=lambda: _check_http(f"http://127.0.0.1:{port}/v1/models"),
        port=port,
        env=_environment(settings),
        cwd=REPOSITORY,
    )


def web(settings: Settings) -> Program:
    """The built pages, served as files; the gateway passes on what is not an API."""
    port = settings.ports.web
    return Program(
        name="web",
        argv=(sys.executable, "-m", "stack.web"),
        check=lambda: _check_http(f"http://127.0.0.1:{port}/icon.svg"),
        port=port,
        env={
            **_environment(settings),
            "FRONTDESK_LISTEN": f"127.0.0.1:{port}",
            "FRONTDESK_HOME": str(settings.home.path),
            "FRONTDESK_DEMO": str(settings.demo).lower(),
        },
        cwd=REPOSITORY,
    )


async def gateway(settings: Settings) -> Program:
    """Envoy with `gateway/envoy.yaml`, filled in for this machine."""
    binary = only(package_folder("envoy", "gateway"), "_bin/envoy", "gateway")
    await check_libraries("gateway", binary)
    ports = settings.ports
    values = {
        **_without_stores(settings),
        **addresses(settings),
        "FRONTDESK_KEYS_DIR": str(settings.home.keys),
        "FRONTDESK_GATEWAY_PORT": str(ports.gateway),
    }
    config = settings.home.run / "envoy.yaml"
    try:
        write_private(config, render(values))
    except Missing as missing:
        raise Problem(f"gateway cannot start: {missing}") from None
    return Program(
        name="gateway",
        argv=(
            *(str(binary), "--config-path", str(config), "--disable-hot-restart", "--log-level", "warning"),
            *("--concurrency", settings.environment.get("FRONTDESK_GATEWAY_CONCURRENCY", "1")),
            *("--file-flush-interval-msec", "1000"),
        ),
        check=lambda: _check_http(f"{settings.gateway}/healthz"),
        port=ports.gateway,
        host=settings.gateway_host,
        env=_environment(settings),
        cwd=REPOSITORY,
    )


async def check_embeddings(url: str, api_key: str) -> None:
    """Raises unless an OpenAI-compatible server somewhere else answers."""
    await _check_http(f"{url.rstrip('/')}/models", api_key)


async def check_model(environment: Mapping[str, str]) -> None:
    """Raises unless the model's provider answers and accepts the key. A server without a list of models answers 404: fine."""
    url = environment.get("FRONTDESK_OPENAI_BASE_URL") or "https://api.openai.com/v1"
    try:
        await _check_http(f"{url.rstrip('/')}/models", environment.get("FRONTDESK_OPENAI_API_KEY", ""))
    except NotServing as error:
        if error.status in (401, 403) or error.status >= 500:
            raise


def _environment(settings: Settings) -> dict[str, str]:
    return {**SMALL, **variables.for_program(settings.environment)}


def _without_stores(settings: Settings) -> dict[str, str]:
    """The user's settings; each service gets the addresses of its own stores alone."""
    stores = {f"FRONTDESK_{store.upper()}_URL" for store in STORES}
    return {key: value for key, value in settings.environment.items() if key not in stores}


async def _check_grpc(port: int) -> None:
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}", [("grpc.use_local_subchannel_pool", 1)]) as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        answer = await stub.Check(health_pb2.HealthCheckRequest(), timeout=1.5)
        if answer.status != health_pb2.HealthCheckResponse.SERVING:
            raise NotServing("health says NOT_SERVING")


async def _check_http(url: str, api_key: str = "") -> None:
    await asyncio.to_thread(_get, url, api_key)


def _get(url: str, api_key: str) -> None:
    headers = {"authorization": f"Bearer {api_key}"} if api_key else {}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=1.5) as response:
            response.read()
    except urllib.error.HTTPError as error:
        with error:
            raise NotServing(f"{url} answers {error.code}", error.code) from None
