"""Reads a FileDescriptorSet: comments, and the options access, google.api.* and buf.validate."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from google.protobuf import descriptor_pool, message_factory
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
    MethodDescriptorProto,
)
from google.protobuf.message import Message

OURS = "frontdesk."
# Without them the gateway could not write the details of an error as JSON.
ERROR_PROTOS = ("google/rpc/error_details.proto", "google/rpc/status.proto")


@dataclass(frozen=True)
class MessageType:
    """A message. `comment` and `field_comments` are plain text, without comment marks."""

    name: str
    proto: DescriptorProto
    comment: str
    field_comments: dict[str, str]


@dataclass(frozen=True)
class EnumType:
    name: str
    proto: EnumDescriptorProto
    comment: str
    value_comments: dict[str, str]


@dataclass(frozen=True)
class Binding:
    """One REST form of an RPC: `method` in lower case, `path` as a google.api.http template."""

    method: str
    path: str
    body: str
    response_body: str


@dataclass(frozen=True)
class Rpc:
    """An RPC. Exactly one of `permission`, `public` and `callers` says who may call it; none if its author forgot."""

    package: str
    service: str
    service_comment: str
    name: str
    proto: MethodDescriptorProto
    comment: str
    permission: str
    public: bool
    callers: tuple[str, ...]
    bindings: tuple[Binding, ...]

    @property
    def path(self) -> str:
        return f"/{self.package}.{self.service}/{self.name}"

    @property
    def input(self) -> str:
        return self.proto.input_type.lstrip(".")

    @property
    def output(self) -> str:
        return self.proto.output_type.lstrip(".")


class Contracts:
    """All our RPCs, and every message and enum by its full name."""

    def __init__(self, files: FileDescriptorSet) -> None:
        # Parsed again in a pool of its own, so that the options are read whether or not their stubs exist yet.
        self._pool = descriptor_pool.DescriptorPool()
        for file in files.file:
            self._pool.AddSerializedFile(file.SerializeToString())
        file_set = message_factory.GetMessageClass(self._pool.FindMessageTypeByName("google.protobuf.FileDescriptorSet"))
        parsed = cast(FileDescriptorSet, file_set.FromString(files.SerializeToString()))
        self.files: list[FileDescriptorProto] = list(parsed.file)
        self.messages: dict[str, MessageType] = {}
        self.enums: dict[str, EnumType] = {}
        self.rpcs: list[Rpc] = []
        for file in self.files:
            self._read(file)

    def extension(self, options: Message, name: str) -> Any:
        """The value of an option such as "buf.validate.field", or None when it is not set."""
        descriptor = self._pool.FindExtensionByName(name)
        values = cast(Any, options)
        if descriptor.is_repeated:
            return list(values.Extensions[descriptor])
        return values.Extensions[descriptor] if values.HasExtension(descriptor) else None

    def field_rules(self, field: FieldDescriptorProto) -> Any:
        """The buf.validate.FieldRules of a field, or None."""
        return self.extension(field.options, "buf.validate.field")

    def behaviors(self, field: FieldDescriptorProto) -> set[str]:
        """Names of google.api.field_behavior: "REQUIRED", "OUTPUT_ONLY", …"""
        enum = self._pool.FindEnumTypeByName("google.api.FieldBehavior")
        return {enum.values_by_number[n].name for n in self.extension(field.options, "google.api.field_behavior")}

    def packages(self) -> list[str]:
        """Our packages that have services, and the one of what their events share, sorted."""
        return sorted({*(rpc.package for rpc in self.rpcs), "frontdesk.event.v1"})

    def error_reasons(self, package: str) -> dict[str, str]:
        """Reason (without its prefix) → comment, in the order of the enum."""
        enum = self.enums.get(f"{package}.ErrorReason")
        if enum is None:
            return {}
        values = [value.name for value in enum.proto.value if value.number]
        return {name.removeprefix("ERROR_REASON_"): enum.value_comments[name] for name in values}

    def _read(self, file: FileDescriptorProto) -> None:
        comments = {
            tuple(location.path): _text(location.leading_comments or location.trailing_comments)
            for location in file.source_code_info.location
        }

        def comment(*path: int) -> str:
            return comments.get(path, "")

        for i, message in enumerate(file.message_type):
            self._read_message(message, file.package, (4, i), comment)
        for i, enum in enumerate(file.enum_type):
            self._read_enum(enum, file.package, (5, i), comment)
        for i, service in enumerate(file.service):
            for j, method in enumerate(service.method):
                self.rpcs.append(self._rpc(file, service.name, comment(6, i), method, comment(6, i, 2, j)))

    def _read_message(self, message: DescriptorProto, scope: str, path: tuple[int, ...], comment: Callable[..., str]) -> None:
        name = f"{scope}.{message.name}"
        fields = {field.name: comment(*path, 2, i) for i, field in enumerate(message.field)}
        self.messages[name] = MessageType(name, message, comment(*path), fields)
        for i, nested in enumerate(message.nested_type):
            self._read_message(nested, name, (*path, 3, i), comment)
        for i, enum in enumerate(message.enum_type):
            self._read_enum(enum, name, (*path, 4, i), comment)

    def _read_enum(self, enum: EnumDescriptorProto, scope: str, path: tuple[int, ...], comment: Callable[..., str]) -> None:
        values = {value.name: comment(*path, 2, i) for i, value in enumerate(enum.value)}
        self.enums[f"{scope}.{enum.name}"] = EnumType(f"{scope}.{enum.name}", enum, comment(*path), values)

    def _rpc(self, file: FileDescriptorProto, service: str, about: str, method: MethodDescriptorProto, comment: str) -> Rpc:
        access = self.extension(method.options, "frontdesk.access.v1.access")
        http = self.extension(method.options, "google.api.http")
        return Rpc(
            package=file.package,
            service=service,
            service_comment=about,
            name=method.name,
            proto=method,
            comment=comment,
            permission=access.permission if access else "",
            public=bool(access and access.public),
            callers=tuple(access.callers) if access else (),
            bindings=tuple(_bindings(http)) if http else (),
        )


def edge_descriptor(files: FileDescriptorSet) -> bytes:
    """A FileDescriptorSet for Envoy and for `buf breaking`: imports in; comments, validation rules and resource types out."""
    small = without_options(files, {"buf/validate/validate.proto", "google/api/resource.proto"})
    for file in small.file:
        file.ClearField("source_code_info")
    return small.SerializeToString(deterministic=True)


def without_options(files: FileDescriptorSet, dropped: set[str]) -> FileDescriptorSet:
    """A copy without the files `dropped` and without the options that they define."""
    own = descriptor_pool.DescriptorPool()
    numbers: dict[str, set[int]] = {}
    for file in files.file:
        own.AddSerializedFile(file.SerializeToString())
        if file.name in dropped:
            for extension in file.extension:
                numbers.setdefault(extension.extendee.lstrip("."), set()).add(extension.number)
    file_set = message_factory.GetMessageClass(own.FindMessageTypeByName("google.protobuf.FileDescriptorSet"))
    copy = file_set.FromString(files.SerializeToString())
    _strip(copy, numbers)
    result = FileDescriptorSet.FromString(copy.SerializeToString(deterministic=True))
    kept = [file for file in result.file if file.name not in dropped]
    for file in kept:
        imports = [name for name in file.dependency if name not in dropped]
        del file.dependency[:]
        file.dependency.extend(imports)
    return FileDescriptorSet(file=_reachable(kept))


def _strip(message: Message, numbers: dict[str, set[int]]) -> None:
    for field, value in message.ListFields():
        if field.is_extension:
            if field.number in numbers.get(message.DESCRIPTOR.full_name, ()):
                cast(Any, message).ClearExtension(field)
        elif field.message_type is not None:
            for child in value if field.is_repeated else [value]:
                _strip(child, numbers)
            if field.name == "options" and not value.ByteSize():
                message.ClearField("options")


def _reachable(files: list[FileDescriptorProto]) -> list[FileDescriptorProto]:
    """Our files and what they still import, in the given (topological) order."""
    by_name = {file.name: file for file in files}
    wanted: set[str] = set()
    waiting = [file.name for file in files if file.package.startswith(OURS) or file.name in ERROR_PROTOS]
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted.add(name)
            waiting.extend(by_name[name].dependency)
    return [file for file in files if file.name in wanted]


def _bindings(rule: Any) -> Iterator[Binding]:
    for http in [rule, *rule.additional_bindings]:
        method = http.WhichOneof("pattern")
        if method == "custom":
            yield Binding(http.custom.kind.lower(), http.custom.path, http.body, http.response_body)
        elif method:
            yield Binding(method, getattr(http, method), http.body, http.response_body)


def _text(comment: str) -> str:
    lines = [line.removeprefix(" ").rstrip() for line in comment.splitlines()]
    return "\n".join(line for line in lines if not re.match(r"buf:lint:ignore", line)).strip()


def events_descriptor(edge: bytes) -> bytes:
    """The edge's descriptor with streams of `google.api.HttpBody`: services write server-sent events themselves."""
    files = FileDescriptorSet(file=(file for file in FileDescriptorSet.FromString(edge).file if "/internal/" not in file.name))
    for file in files.file:
        for method in (method for service in file.service for method in service.method if method.server_streaming):
            method.output_type = ".google.api.HttpBody"
            if "google/api/httpbody.proto" not in file.dependency:
                file.dependency.append("google/api/httpbody.proto")
    return files.SerializeToString(deterministic=True)
