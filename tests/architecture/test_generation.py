"""`make gen`: the same bytes every time, nothing stale, no drift; and a change that breaks clients is caught."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from openapi_spec_validator import OpenAPIV31SpecValidator

from tools import breaking
from tools.gen.__main__ import ROOT, make


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return make()


def test_generation_is_deterministic(made: dict[str, bytes]) -> None:
    assert make() == made


def test_the_committed_files_match_the_contracts() -> None:
    done = subprocess.run([sys.executable, "-m", "tools.gen", "--check"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_generated_file_names_a_package_registry(made: dict[str, bytes]) -> None:
    assert [path for path, data in made.items() if b"buf.build" in data or b"registry." in data] == []


def test_the_openapi_document_is_valid(made: dict[str, bytes]) -> None:
    document = json.loads(made["gen/openapi/openapi.json"])
    OpenAPIV31SpecValidator(document).validate()
    watch = document["paths"]["/v1/organizations/{organization}/conversations/{conversation}:watch"]["get"]
    assert set(watch["responses"]["200"]["content"]) == {"application/json", "text/event-stream"}
    assert watch["x-permission"] == "core.conversations.watch"
    login = document["paths"]["/v1/auth:login"]["post"]
    assert login["security"] == []
    send = document["paths"]["/v1/organizations/{organization}/conversations/{conversation}:send"]["post"]
    assert send["requestBody"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/SendMessageBody"}
    text = document["components"]["schemas"]["SendMessageBody"]["properties"]["text"]
    assert text["maxLength"] == 4000


def test_the_edge_descriptor_is_whole_and_small(made: dict[str, bytes]) -> None:
    data = made["gen/descriptor.binpb"]
    files = {file.name: file for file in FileDescriptorSet.FromString(data).file}
    assert all(name in files for file in files.values() for name in file.dependency), "every import is in it"
    assert "buf/validate/validate.proto" not in files
    assert "google/rpc/error_details.proto" in files, "else the gateway cannot write error details as JSON"
    assert len(data) < 250_000


CHANGES = {
    "a field changes its type": ("int64 epoch = 7", "string epoch = 7", 1),
    "a field changes its number": ("int64 epoch = 7", "int64 epoch = 77", 1),
    "a field is removed": ("  int64 last_seq = 8 [(google.api.field_behavior) = OUTPUT_ONLY];\n", "", 1),
    "an enum value is removed": ("  CONVERSATION_STATE_CLOSED = 4;\n", "", 1),
    "a field is added": ("int64 epoch = 7", "int64 added = 99;\n  int64 epoch = 7", 0),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_that_breaks_clients_is_caught(
    tmp_path: Path, made: dict[str, bytes], change: str, capfd: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(ROOT / "buf.yaml", tmp_path)
    shutil.copytree(ROOT / "proto", tmp_path / "proto")
    shutil.copytree(ROOT / "third_party", tmp_path / "third_party")
    file = tmp_path / "proto/frontdesk/core/v1/conversation.proto"
    old, new, breaks = CHANGES[change]
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))
    found = breaking.breaks(tmp_path / "proto", made["gen/descriptor.binpb"])
    output = capfd.readouterr().out
    assert bool(found) == bool(breaks), output
    if breaks:
        assert "conversation.proto" in output
