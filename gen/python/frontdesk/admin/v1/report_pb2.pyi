import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Granularity(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    GRANULARITY_UNSPECIFIED: _ClassVar[Granularity]
    GRANULARITY_HOUR: _ClassVar[Granularity]
    GRANULARITY_DAY: _ClassVar[Granularity]
    GRANULARITY_WEEK: _ClassVar[Granularity]
    GRANULARITY_MONTH: _ClassVar[Granularity]
GRANULARITY_UNSPECIFIED: Granularity
GRANULARITY_HOUR: Granularity
GRANULARITY_DAY: Granularity
GRANULARITY_WEEK: Granularity
GRANULARITY_MONTH: Granularity

class Report(_message.Message):
    __slots__ = ("name", "display_name", "description", "metrics", "rows", "as_of_time")
    class Unit(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        UNIT_UNSPECIFIED: _ClassVar[Report.Unit]
        UNIT_COUNT: _ClassVar[Report.Unit]
        UNIT_RATIO: _ClassVar[Report.Unit]
        UNIT_SECONDS: _ClassVar[Report.Unit]
        UNIT_DOLLARS: _ClassVar[Report.Unit]
    UNIT_UNSPECIFIED: Report.Unit
    UNIT_COUNT: Report.Unit
    UNIT_RATIO: Report.Unit
    UNIT_SECONDS: Report.Unit
    UNIT_DOLLARS: Report.Unit
    class Metric(_message.Message):
        __slots__ = ("id", "display_name", "unit")
        ID_FIELD_NUMBER: _ClassVar[int]
        DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
        UNIT_FIELD_NUMBER: _ClassVar[int]
        id: str
        display_name: str
        unit: Report.Unit
        def __init__(self, id: _Optional[str] = ..., display_name: _Optional[str] = ..., unit: _Optional[_Union[Report.Unit, str]] = ...) -> None: ...
    class Row(_message.Message):
        __slots__ = ("start_time", "group", "values")
        START_TIME_FIELD_NUMBER: _ClassVar[int]
        GROUP_FIELD_NUMBER: _ClassVar[int]
        VALUES_FIELD_NUMBER: _ClassVar[int]
        start_time: _timestamp_pb2.Timestamp
        group: str
        values: _containers.RepeatedScalarFieldContainer[float]
        def __init__(self, start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., group: _Optional[str] = ..., values: _Optional[_Iterable[float]] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    AS_OF_TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    display_name: str
    description: str
    metrics: _containers.RepeatedCompositeFieldContainer[Report.Metric]
    rows: _containers.RepeatedCompositeFieldContainer[Report.Row]
    as_of_time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., display_name: _Optional[str] = ..., description: _Optional[str] = ..., metrics: _Optional[_Iterable[_Union[Report.Metric, _Mapping]]] = ..., rows: _Optional[_Iterable[_Union[Report.Row, _Mapping]]] = ..., as_of_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
