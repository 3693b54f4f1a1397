"""Settings, and what is said about a wrong value."""

import re
from pathlib import Path

import pytest

from stack.home import REPOSITORY
from stack.keys import SERVICES
from stack.ports import Ports
from stack.problems import Problem
from stack.programs import addresses, embedder, services, web
from stack.settings import Settings
from stack.variables import unknown


def test_defaults_are_in_the_project() -> None:
    settings = Settings.load({}, Path("/nowhere"))
    assert settings.home.path.name == ".frontdesk"
    assert settings.gateway == "http://127.0.0.1:8080"
    assert settings.demo
    assert settings.urls == {}


def test_a_store_given_by_its_url_is_not_ours() -> None:
    settings = Settings.load({"FRONTDESK_REDIS_URL": "redis://elsewhere:6379"}, Path("/nowhere"))
    assert settings.urls == {"redis": "redis://elsewhere:6379"}


def test_every_program_has_a_port_variable() -> None:
    env = {f"FRONTDESK_{name.upper()}_PORT": str(20000 + number) for number, name in enumerate(Ports.model_fields)}
    assert list(Settings.load(env, Path("/nowhere")).ports.model_dump().values()) == [
        20000 + number for number in range(len(Ports.model_fields))
    ]


def test_replicas_have_names_and_ports_of_their_own() -> None:
    env = {"FRONTDESK_CORE_REPLICAS": "3", "FRONTDESK_CORE_3_PORT": "9", "FRONTDESK_CHANNEL_PORT": "5"}
    settings = Settings.load(env, Path("/nowhere"))
    assert settings.processes("core") == {"core": 7102, "core-2": 7202, "core-3": 9}
    assert settings.processes("channel") == {"channel": 5}
    assert settings.processes("memory") == {"memory": 7103}
    assert addresses(settings)["FRONTDESK_CORE_URL"] == "127.0.0.1:7102,127.0.0.1:7202,127.0.0.1:9"
    assert [each.name for each in services(settings, "core", {})] == ["core", "core-2", "core-3"]


def test_every_port_has_a_variable_that_moves_it() -> None:
    replicas = {"FRONTDESK_CHANNEL_REPLICAS": "2", "FRONTDESK_CORE_REPLICAS": "2"}
    names = Settings.load(replicas, Path("/nowhere")).listening
    assert {"gateway", "core-2", "core-2_metrics", "media", "media-2"} <= names.keys()
    for number, name in enumerate(names, 20_000):
        variable = f"FRONTDESK_{name.upper().replace('-', '_')}_PORT"
        assert unknown([variable]) == []
        assert Settings.load({**replicas, variable: str(number)}, Path("/nowhere")).listening[name] == number


def test_each_process_of_channel_serves_files_on_a_port_of_its_own_out_of_one_folder() -> None:
    settings = Settings.load({"FRONTDESK_CHANNEL_REPLICAS": "2", "FRONTDESK_MEDIA_PORT": "8000"}, Path("/nowhere"))
    first, second = (each.env for each in services(settings, "channel", {}))
    assert (first["FRONTDESK_MEDIA_LISTEN"], second["FRONTDESK_MEDIA_LISTEN"]) == ("127.0.0.1:8000", "127.0.0.1:8100")
    assert first["FRONTDESK_MEDIA_DIR"] == second["FRONTDESK_MEDIA_DIR"] == str(settings.home.data / "media")
    assert addresses(settings)["FRONTDESK_MEDIA_URL"] == "127.0.0.1:8000,127.0.0.1:8100"


def test_each_process_shows_its_metrics_on_loopback_at_a_port_of_its_own() -> None:
    env = {"FRONTDESK_CORE_REPLICAS": "3", "FRONTDESK_CORE_3_METRICS_PORT": "9", "FRONTDESK_METRICS_LISTEN": "0.0.0.0:1"}
    settings = Settings.load(env, Path("/nowhere"))
    programs = [program for name in SERVICES for program in services(settings, name, {})]
    assert {program.name: program.env["FRONTDESK_METRICS_LISTEN"] for program in programs} == {
        "channel": "127.0.0.1:7121",
        "core": "127.0.0.1:7122",
        "core-2": "127.0.0.1:7222",
        "core-3": "127.0.0.1:9",
        "memory": "127.0.0.1:7123",
        "agent": "127.0.0.1:7124",
        "admin": "127.0.0.1:7125",
    }


def test_a_base_moves_the_ports_of_metrics_too() -> None:
    settings = Settings.load({"FRONTDESK_PORT_BASE": "20000", "FRONTDESK_CORE_REPLICAS": "2"}, Path("/nowhere"))
    assert settings.metrics["admin"] - 20000 < len(Ports.model_fields)
    assert settings.metrics["core-2"] == settings.metrics["core"] + 100
    used = [*settings.ports.model_dump().values(), *settings.processes("core").values(), *settings.metrics.values()]
    assert len(set(used)) == len(Ports.model_fields) + 2


def test_a_service_behind_something_else_is_known_to_the_others() -> None:
    settings = Settings.load({"FRONTDESK_CORE_URL": "127.0.0.1:9"}, Path("/nowhere"))
    assert addresses(settings)["FRONTDESK_CORE_URL"] == "127.0.0.1:9"
    assert addresses(settings)["FRONTDESK_MEMORY_URL"] == "127.0.0.1:7103"
    assert services(settings, "core", {})[0].port == 7102


def test_services_that_call_chosen_addresses_reach_no_port_of_this_stack() -> None:
    env = {"FRONTDESK_CORE_REPLICAS": "2", "FRONTDESK_FETCH_DENY": "wiki:80"}
    settings = Settings.load(env, Path("/nowhere"))
    for service in ("core", "memory", "admin"):
        denied = services(settings, service, {})[0].env["FRONTDESK_FETCH_DENY"].split(",")
        assert denied[0] == "wiki:80"
        assert {*denied[1:]} == {f"127.0.0.1:{port}" for port in (*settings.ports.model_dump().values(), 7202)}
    assert "FRONTDESK_FETCH_DENY" not in services(settings, "agent", {})[0].env


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("FRONTDESK_GATEWAY_PORT", "http"),
        ("FRONTDESK_DEMO", "perhaps"),
        ("FRONTDESK_CORE_REPLICAS", "0"),
        ("FRONTDESK_CHANNEL_REPLICAS", "many"),
        ("FRONTDESK_RESTART_PAUSE", "0"),
        ("FRONTDESK_READY_SECONDS", "0"),
        ("FRONTDESK_READY_SECONDS", "3601"),
        ("FRONTDESK_PORT_BASE", "65000"),
    ],
)
def test_a_wrong_value_is_named(key: str, value: str) -> None:
    with pytest.raises(Problem, match=f"{key} is '{value}'"):
        Settings.load({key: value}, Path("/nowhere"))


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("FRONTDESK_GATEWAY_PORT=1\nFRONTDESK_OPENAI_MODEL=small\nOTHER=ignored\n")
    settings = Settings.load({"FRONTDESK_GATEWAY_PORT": "2"}, file)
    assert settings.ports.gateway == 2
    assert settings.environment["FRONTDESK_OPENAI_MODEL"] == "small"
    assert "OTHER" not in settings.environment


def test_a_gateway_on_every_address_is_reached_on_this_machine() -> None:
    assert Settings.load({"FRONTDESK_GATEWAY_HOST": "0.0.0.0"}, Path("/nowhere")).gateway == "http://127.0.0.1:8080"


def test_a_base_moves_all_ports_and_a_port_of_its_own_goes_before_it() -> None:
    env = {"FRONTDESK_PORT_BASE": "20000", "FRONTDESK_CORE_PORT": "9", "FRONTDESK_CHANNEL_REPLICAS": "2"}
    settings = Settings.load(env, Path("/nowhere"))
    ports = settings.ports.model_dump()
    assert settings.gateway == "http://127.0.0.1:20000"
    assert ports.pop("core") == 9
    assert len(set(ports.values())) == len(ports)
    assert all(20000 <= port < 20020 for port in ports.values())
    assert settings.processes("channel") == {"channel": 20002, "channel-2": 20102}


def test_every_documented_variable_is_known() -> None:
    documented = set(re.findall(r"`(FRONTDESK_[A-Z_0-9]*[A-Z0-9])[`=]", (REPOSITORY / "docs" / "deployment.md").read_text()))
    assert len(documented) > 20
    assert unknown(documented) == []


def test_a_mistyped_variable_is_reported_with_what_was_meant() -> None:
    replica = {"FRONTDESK_CORE_2_PORT": "1", "FRONTDESK_CORE_2_METRICS_PORT": "1"}
    assert unknown({"FRONTDESK_GATEWY_PORT": "1", "FRONTDESK_OPENAI_MODEL": "x", **replica, "PATH": "/"}) == [
        "FRONTDESK_GATEWY_PORT is not a setting and is ignored; did you mean FRONTDESK_GATEWAY_PORT?"
    ]
    assert unknown({"FRONTDESK_COFFEE": "1"}) == ["FRONTDESK_COFFEE is not a setting and is ignored."]


def test_each_process_gets_the_secrets_that_it_needs_and_no_others() -> None:
    secrets = {
        "FRONTDESK_OPENAI_API_KEY": "model",
        "FRONTDESK_EMBEDDINGS_API_KEY": "vectors",
        "FRONTDESK_POSTGRES_URL": "postgresql://root:all@h/d",
        "FRONTDESK_DEMO_PASSWORD": "demo",
        "AWS_SECRET_ACCESS_KEY": "cloud",
        "HTTPS_PROXY": "http://me:proxy@h",
    }
    settings = Settings.load({**secrets, "PATH": "/bin"}, Path("/nowhere"))
    found = {}
    for name in SERVICES:
        program = services(settings, name, {"postgres": f"postgresql://{name}@h/d"})[0]
        assert program.env["FRONTDESK_KEYS_DIR"] == str(settings.home.keys / name)
        assert program.env["PATH"] == "/bin"
        found[name] = {value for value in program.env.values() if value in secrets.values()} - {secrets["HTTPS_PROXY"]}
    assert found == {"channel": set(), "core": {"model"}, "memory": {"vectors"}, "agent": set(), "admin": set()}
    for other in (web(settings), embedder(settings)):
        assert not set(other.env.values()) & set(secrets.values())
