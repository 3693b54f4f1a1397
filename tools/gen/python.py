"""The parts of the Python stubs that protoc leaves out: types for `grpc.aio`, and one `__init__` per package version."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from google.protobuf.descriptor_pb2 import FileDescriptorProto, MethodDescriptorProto

HEADER = '"""Made by `make gen` from proto/; do not edit."""\n'


def module_of(proto: str) -> str:
    """`frontdesk/core/v1/message.proto` → `frontdesk.core.v1.message_pb2`."""
    return proto.removesuffix(".proto").replace("/", ".") + "_pb2"


def aio_stubs(file: FileDescriptorProto, owners: Mapping[str, FileDescriptorProto]) -> str:
    """The `_pb2_grpc.pyi` of a file. `owners` says which file defines a message, by its full name."""

    def python_name(full_name: str) -> str:
        full_name = full_name.lstrip(".")
        owner = owners[full_name]
        return f"{module_of(owner.name)}.{full_name.removeprefix(owner.package + '.')}"

    types = {t for service in file.service for m in service.method for t in (m.input_type, m.output_type)}
    imports = {module_of(owners[t.lstrip(".")].name) for t in types}
    lines = [HEADER, "from collections.abc import AsyncIterator, Awaitable", "from typing import Any, TypeAlias", ""]
    lines += ["import grpc.aio", *(f"import {module}" for module in sorted(imports)), ""]
    lines += ["_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]", ""]
    for service in file.service:
        lines += [f"class {service.name}Stub:", "    def __init__(self, channel: grpc.aio.Channel) -> None: ..."]
        for method in service.method:
            kind = ("Stream" if method.client_streaming else "Unary") + ("Stream" if method.server_streaming else "Unary")
            request, response = python_name(method.input_type), python_name(method.output_type)
            lines.append(f"    {method.name}: grpc.aio.{kind}MultiCallable[{request}, {response}]")
        lines += ["", f"class {service.name}Servicer:"]
        for method in service.method:
            lines.append(_servicer_method(method, python_name(method.input_type), python_name(method.output_type)))
        lines += ["", f"def add_{service.name}Servicer_to_server("]
        lines += [f"    servicer: {service.name}Servicer, server: grpc.aio.Server", ") -> None: ...", ""]
    return "\n".join(lines)


def _servicer_method(method: MethodDescriptorProto, request: str, response: str) -> str:
    argument = f"request_iterator: AsyncIterator[{request}]" if method.client_streaming else f"request: {request}"
    result = f"AsyncIterator[{response}]" if method.server_streaming else f"Awaitable[{response}]"
    return f"    def {method.name}(self, {argument}, context: _Context) -> {result}: ..."


def packages(files: Iterable[FileDescriptorProto]) -> dict[str, str]:
    """`__init__.py` texts by folder: each version's package holds every message, enum, stub and servicer of its files."""
    by_package: defaultdict[str, list[FileDescriptorProto]] = defaultdict(list)
    for file in files:
        by_package[file.package].append(file)
    out = {"frontdesk": HEADER}
    for package, members in sorted(by_package.items()):
        folder = package.replace(".", "/")
        out[folder.rpartition("/")[0]] = HEADER
        out[folder] = _package(package, members)
    return out


def _package(package: str, files: list[FileDescriptorProto]) -> str:
    lines, names, services = [HEADER], [], []
    for file in sorted(files, key=lambda f: f.name):
        exported = [m.name for m in file.message_type] + [e.name for e in file.enum_type]
        exported += [value.name for enum in file.enum_type for value in enum.value]
        exported += [extension.name for extension in file.extension]
        lines += [f"from {module_of(file.name)} import {name} as {name}" for name in sorted(exported)]
        grpc_names = [
            name for s in file.service for name in (f"{s.name}Stub", f"{s.name}Servicer", f"add_{s.name}Servicer_to_server")
        ]
        lines += [f"from {module_of(file.name)}_grpc import {name} as {name}" for name in sorted(grpc_names)]
        names += exported + grpc_names
        services += [f"{package}.{s.name}" for s in file.service]
    lines += ["", "# Full names of this package's services.", "SERVICES: tuple[str, ...] = ("]
    lines += [f'    "{service}",' for service in sorted(services)] + [")", ""]
    return "\n".join(lines)
