"""Each field of each setting in the contract is either followed by a service or refused."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from frontdesk.admin import v1 as pb
from frontdesk.admin.internal import v1 as internal
from google.protobuf import json_format
from google.protobuf.descriptor import Descriptor, FieldDescriptor

from kit.ids import OrganizationId
from services.admin.domain import errors, settings
from services.channel import followers as channel
from services.channel.adapters.mail_servers import server_from_pb
from services.channel.app.businesses import Businesses
from services.channel.domain.limits import CustomerRates, Rates
from services.core.convert.policy import values_from_pb

ACME = OrganizationId("acme")
CREDENTIAL = "organizations/acme/credentials/own"
WRITTEN_AS_TEXT = {"google.protobuf.Duration": "3600s"}
"""Messages that JSON writes as one value."""


def fields(message: Descriptor, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each field that holds no object, by the JSON names on the way to it, with a value in which it alone is set."""
    for field in message.fields:
        here = f"{path}.{field.json_name}" if path else field.json_name
        inner = field.message_type
        if inner is not None and inner.full_name not in WRITTEN_AS_TEXT:
            found = list(fields(inner, here))
        else:
            found = [(here, sample(field))]
        for name, value in found:
            yield name, {field.json_name: [value] if field.is_repeated else value}


def sample(field: FieldDescriptor) -> object:
    """A value that is not the default."""
    if field.message_type is not None:
        return WRITTEN_AS_TEXT[field.message_type.full_name]
    if field.enum_type is not None:
        return field.enum_type.values[min(2, len(field.enum_type.values) - 1)].name  # the first one may be the default
    if field.cpp_type == FieldDescriptor.CPPTYPE_STRING:
        return {"credential": CREDENTIAL, "time_zone": "Europe/Madrid"}.get(field.name, "x")
    if field.cpp_type == FieldDescriptor.CPPTYPE_BOOL:
        return True
    return 1_000 if field.name == "nanos" else 1  # a millionth is the smallest amount of money


FIELDS = dict(fields(cast(Any, pb.SettingValue.DESCRIPTOR)))


def is_followed(value: pb.SettingValue) -> bool:
    """Whether core, channel or admin itself makes something of a value that it doesn't make of the defaults."""
    defaults = pb.SettingValue()
    getattr(defaults, str(value.WhichOneof("kind"))).SetInParent()
    if value.WhichOneof("kind") == "sign_in":
        published = settings.Version(1, json_format.MessageToDict(value), "users/u1", datetime(2026, 3, 1, tzinfo=UTC))
        return settings.requires_second_factor(settings.Setting(ACME, settings.SIGN_IN, published))
    return any(follow(value) != follow(defaults) for follow in (values_from_pb, rates, mail_server))


def rates(value: pb.SettingValue) -> object:
    """The rates, and what customers see, that channel takes from a value."""
    rates, businesses = Rates(CustomerRates.per_minute(30, 60)), Businesses()
    event = internal.Event(setting_published={"value": value})
    event.envelope.organization = ACME
    channel.settings_feed(rates, businesses, None, None).apply(event)
    return rates.of(ACME), businesses


def mail_server(value: pb.SettingValue) -> object:
    """The mail server that channel takes from a value, where it has a host at all."""
    host = value.mail.host or "smtp.example.com"
    return server_from_pb(pb.MailSettings(**{**_plain(value.mail), "host": host}))


def _plain(setting: pb.MailSettings) -> dict[str, Any]:
    return {field.name: value for field, value in setting.ListFields()}


def test_the_walk_finds_fields_at_every_depth() -> None:
    assert len(FIELDS) > 40
    assert {"assistant.tone", "businessHours.openings.startTime.hours", "retention.conversations"} <= FIELDS.keys()


@pytest.mark.parametrize("path", FIELDS)
def test_a_field_is_followed_or_refused(path: str) -> None:
    value = pb.SettingValue()
    json_format.ParseDict(FIELDS[path], value)
    saved = json_format.MessageToDict(value)
    try:
        settings.check(saved, ACME, {"own"})
    except errors.SettingNotUsed as refused:
        named = settings.INDEX.sub("", refused.metadata["field"])
        assert named == path, "the error names the field"
        assert path not in settings.USED
    except errors.InvalidBusinessHours:  # an opening of one field has no beginning or no end
        assert path in settings.USED
        assert is_followed(value)
    else:
        assert path in settings.USED
        assert is_followed(value), f"{path} is accepted, but no service makes anything of it"


def test_what_is_said_to_be_used_is_in_the_contract() -> None:
    assert FIELDS.keys() >= settings.USED


def test_an_empty_object_that_no_service_follows_is_refused_too() -> None:
    with pytest.raises(errors.SettingNotUsed):
        settings.check({"budget": {"monthly": {}}}, ACME, ())


def test_empty_objects_with_fields_that_are_used_are_taken() -> None:
    settings.check({"assistant": {"thresholds": {}, "handover": {}}}, ACME, ())
