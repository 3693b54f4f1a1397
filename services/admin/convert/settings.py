"""Settings between admin's domain, where a value is JSON, and the contract, where it is typed."""

from collections.abc import Callable
from typing import Any, cast

import msgspec
from frontdesk.admin import v1 as pb
from google.protobuf import json_format
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.struct_pb2 import Value as JsonValue

from kit import access, names, violations
from kit.convert import time_to_pb
from kit.errors import SettingVersionNotFound, UnknownField
from kit.ids import OrganizationId
from services.admin.domain import errors
from services.admin.domain.settings import Change, Setting, Value, Version, member_of

SETTING = "organizations/{organization}/settings/{setting}"
VERSION = f"{SETTING}/versions/{{version}}"
SETTINGS = {name.replace("_", "-"): name for name in sorted(pb.SettingValue.DESCRIPTOR.fields_by_name)}
"""The settings there are, in order: the id of each, and the field of `SettingValue`."""

_DESCRIPTOR: Any = pb.Setting.DESCRIPTOR


def setting_ids(name: str) -> tuple[OrganizationId, str]:
    """Organization and setting of a setting's name. Raises SettingNotFound."""
    ids = names.parse(SETTING, name)
    if ids["setting"] not in SETTINGS:
        raise errors.SettingNotFound(ids["setting"])
    return OrganizationId(ids["organization"]), ids["setting"]


def version_number(name: str, setting: str = "") -> int:
    """The number in a version's name; 0 of an empty name. Raises SettingVersionNotFound for one of another `setting`."""
    if not name:
        return 0
    version = name.rpartition("/")[2]
    if (
        (setting and name.rpartition("/versions/")[0] != setting)
        or not version.isdecimal()
        or len(version) > 9
        or version == "0"
    ):
        raise SettingVersionNotFound(name.split("/")[3], version)
    return int(version)


def setting_to_pb(setting: Setting) -> pb.Setting:
    published, draft = setting.published, setting.draft
    return pb.Setting(
        name=setting.name,
        published=value_to_pb(published.value if published else {member_of(setting.id): {}}),
        published_version=setting.version_name(published),
        draft=value_to_pb(draft.value) if draft else None,
        draft_version=setting.version_name(draft),
        publish_time=time_to_pb(published.published if published else None),
        update_time=time_to_pb(setting.updated),
        etag=str(setting.revision),
    )


def version_to_pb(version: Version, organization: OrganizationId, setting: str) -> pb.SettingVersion:
    author = version.author
    return pb.SettingVersion(
        name=f"organizations/{organization}/settings/{setting}/versions/{version.number}",
        value=value_to_pb(version.value),
        author=author if author.startswith("services/") else f"organizations/{organization}/{author}",
        comment=version.comment,
        create_time=time_to_pb(version.created),
        publish_time=time_to_pb(version.published),
    )


def value_to_pb(value: Value) -> pb.SettingValue:
    found = pb.SettingValue()
    json_format.ParseDict(cast(Any, value), found, ignore_unknown_fields=True)
    return found


def value_from_pb(value: pb.SettingValue) -> Value:
    return json_format.MessageToDict(value)


def merged(setting: pb.Setting, mask: FieldMask) -> Callable[[Value | None], Value]:
    """Makes the draft that an update asks for, of the one that it begins as.

    Raises WrongSetting, UnknownField, or InvalidRequest for a draft that breaks the contract's rules.
    """
    field = SETTINGS[names.parse(SETTING, setting.name)["setting"]]
    wanted = setting.draft
    if wanted.WhichOneof("kind") not in (field, None):
        raise errors.WrongSetting(field.replace("_", "-"), member_of(field.replace("_", "-")))
    paths = [path for path in mask.paths if path != "draft"]
    for path in paths:
        if not path.startswith(f"draft.{field}.") or not FieldMask(paths=[path]).IsValidForDescriptor(_DESCRIPTOR):
            raise UnknownField(path, frozenset({f"draft.{field}.…"}))

    def merge(begins: Value | None) -> Value:
        value = pb.SettingValue()
        if paths and "draft" not in mask.paths:
            if begins is not None:
                value = value_to_pb(begins)
            inner = FieldMask(paths=[path.removeprefix("draft.") for path in paths])
            inner.MergeMessage(wanted, value, replace_message_field=True, replace_repeated_field=True)
        else:
            value.CopyFrom(wanted)
        getattr(value, field).SetInParent()
        if broken := violations.VALIDATOR.collect_violations(value):
            described = [violations.describe(violation, value) for violation in broken]
            raise access.InvalidRequest([(f"setting.draft.{path}", why) for path, why in described])
        return value_from_pb(value)

    return merge


def change_to_pb(change: Change) -> pb.SettingChange:
    return pb.SettingChange(path=change.path, before=_json(change.before), after=_json(change.after))


def _json(value: object) -> JsonValue | None:
    if value is None:
        return None
    found = JsonValue()
    json_format.Parse(msgspec.json.encode(value), found)
    return found
