"""The rules of a contract for a call: who may make it, which organization its names belong to, which fields are valid."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

import protovalidate
from buf.validate import validate_pb2
from frontdesk.access.v1 import Access, access
from google.protobuf import descriptor_pool
from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor
from google.protobuf.descriptor_pb2 import MethodOptions
from google.protobuf.message import Message

from kit import errors
from kit.caller import EVERY_ORGANIZATION, Caller, InvalidToken, Kind, TokenMissing, Verifier
from kit.violations import describe

Names = Callable[[Message], Iterator[str]]


class PermissionMissing(errors.PermissionDenied):
    reason = "PERMISSION_MISSING"

    def __init__(self, permission: str) -> None:
        super().__init__(f"This needs the permission {permission}, which your token does not have.", permission=permission)


class CallerNotAllowed(errors.PermissionDenied):
    reason = "CALLER_NOT_ALLOWED"

    def __init__(self, method: str) -> None:
        super().__init__("This call is for other services of Frontdesk alone.", method=method)


class OrganizationMismatch(errors.PermissionDenied):
    reason = "ORGANIZATION_MISMATCH"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} belongs to another organization than your token.", name=name)


class InvalidRequest(errors.InvalidArgument):
    """A request that breaks the rules its contract states, with the field of each violation, by its JSON name."""

    reason = "INVALID_REQUEST"

    def __init__(self, violations: list[tuple[str, str]]) -> None:
        self.violations = [(errors.json_name(field), why) for field, why in violations]
        super().__init__(
            "; ".join(f"{field} {why}" if field else f"the request {why}" for field, why in self.violations)[:1000]
        )


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one RPC, read once from its descriptor."""

    method: str
    access: Access
    names: Names
    validator: protovalidate.Validator
    reads: bool = False
    """Whether it answers once, and changes nothing."""

    def caller(self, authorization: str, verifier: Verifier) -> Caller | None:
        """The caller, if the contract lets them in. Raises InvalidToken, PermissionMissing or CallerNotAllowed."""
        if self.access.public:
            return None
        scheme, _, token = authorization.partition(" ")
        if not token:
            raise TokenMissing
        if scheme.lower() != "bearer":
            raise InvalidToken("Send a token as `authorization: Bearer …`.")
        caller = verifier.verify(token)
        if self.access.callers:
            if caller.kind is not Kind.SERVICE or caller.id not in self.access.callers:
                raise CallerNotAllowed(self.method)
        elif not self.access.permission or not caller.may(self.access.permission):
            raise PermissionMissing(self.access.permission)
        return caller

    def check(self, request: Message, data: bytes, caller: Caller | None) -> None:
        """Raises InvalidRequest, or OrganizationMismatch when a name in the request is of another organization.

        `data` is the request as it came.
        """
        violations = self.validator.collect_violations(request)
        if violations:
            raise InvalidRequest([describe(violation, request) for violation in violations])
        if b"\0" in data and (field := _null(request)):  # the first is cheap, and seldom true
            raise InvalidRequest([(field, "must not hold the null character, which no store takes")])
        if caller is None or caller.organization == EVERY_ORGANIZATION:
            return
        for name in self.names(request):
            if name.split("/", 2)[1] != caller.organization:
                raise OrganizationMismatch(name)


def rules(service: str, name: str, validator: protovalidate.Validator) -> Rules:
    """The rules of an RPC, such as `frontdesk.core.v1.TurnService`, `GetTurn`. Raises KeyError for a service of no one's."""
    descriptor = descriptor_pool.Default().FindServiceByName(service)
    method: MethodDescriptor = descriptor.methods_by_name[name]
    option = cast(Access, method.GetOptions().Extensions[cast(Any, access)])
    harmless = method.GetOptions().idempotency_level == MethodOptions.NO_SIDE_EFFECTS
    reads = harmless and not method.server_streaming and not method.client_streaming
    return Rules(f"{service}/{name}", option, _names(method.input_type), validator, reads)


def _names(descriptor: Descriptor) -> Names:
    """Finds the resource names in a message: the string fields whose pattern begins with `organizations/`, or allows it."""
    own = [field for field in descriptor.fields if _is_name(field)]
    nested = [
        (field, _names(field.message_type))
        for field in descriptor.fields
        if field.message_type is not None
        and field.message_type.full_name.startswith("frontdesk.")
        and field.message_type is not descriptor
        and not field.message_type.GetOptions().map_entry
    ]

    def find(message: Message) -> Iterator[str]:
        for field in own:
            value = getattr(message, field.name)
            yield from (name for name in ([value] if isinstance(value, str) else value) if name)
        for field, inner in nested:
            if field.is_repeated:
                for item in getattr(message, field.name):
                    yield from inner(item)
            elif message.HasField(field.name):
                yield from inner(getattr(message, field.name))

    return find


def _is_name(field: FieldDescriptor) -> bool:
    if field.type != FieldDescriptor.TYPE_STRING:
        return False
    constraint: Any = field.GetOptions().Extensions[cast(Any, validate_pb2.field)]
    string = constraint.repeated.items.string if field.is_repeated else constraint.string
    return bool(string.pattern.startswith(("^organizations/", "^(organizations/")))


def _null(message: Message) -> str:
    """The field of the first text that holds a null character; empty if none does."""
    for field, value in message.ListFields():
        items = [value] if not field.is_repeated else [*value, *value.values()] if hasattr(value, "values") else value
        for item in items:
            inner = _null(item) if isinstance(item, Message) else isinstance(item, str) and "\0" in item
            if inner:
                return f"{field.name}.{inner}" if isinstance(inner, str) else field.name
    return ""
