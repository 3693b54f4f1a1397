import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.type import interval_pb2 as _interval_pb2
from google.type import money_pb2 as _money_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ReportValueType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REPORT_VALUE_TYPE_UNSPECIFIED: _ClassVar[ReportValueType]
    REPORT_VALUE_TYPE_TEXT: _ClassVar[ReportValueType]
    REPORT_VALUE_TYPE_TIME: _ClassVar[ReportValueType]
    REPORT_VALUE_TYPE_COUNT: _ClassVar[ReportValueType]
    REPORT_VALUE_TYPE_NUMBER: _ClassVar[ReportValueType]
    REPORT_VALUE_TYPE_DURATION: _ClassVar[ReportValueType]
    REPORT_VALUE_TYPE_MONEY: _ClassVar[ReportValueType]
REPORT_VALUE_TYPE_UNSPECIFIED: ReportValueType
REPORT_VALUE_TYPE_TEXT: ReportValueType
REPORT_VALUE_TYPE_TIME: ReportValueType
REPORT_VALUE_TYPE_COUNT: ReportValueType
REPORT_VALUE_TYPE_NUMBER: ReportValueType
REPORT_VALUE_TYPE_DURATION: ReportValueType
REPORT_VALUE_TYPE_MONEY: ReportValueType

class ReportQuery(_message.Message):
    __slots__ = ("dimensions", "metrics", "filters", "interval", "time_zone", "order")
    DIMENSIONS_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    FILTERS_FIELD_NUMBER: _ClassVar[int]
    INTERVAL_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    dimensions: _containers.RepeatedScalarFieldContainer[str]
    metrics: _containers.RepeatedScalarFieldContainer[str]
    filters: _containers.RepeatedCompositeFieldContainer[ReportFilter]
    interval: _interval_pb2.Interval
    time_zone: str
    order: ReportOrder
    def __init__(self, dimensions: _Optional[_Iterable[str]] = ..., metrics: _Optional[_Iterable[str]] = ..., filters: _Optional[_Iterable[_Union[ReportFilter, _Mapping]]] = ..., interval: _Optional[_Union[_interval_pb2.Interval, _Mapping]] = ..., time_zone: _Optional[str] = ..., order: _Optional[_Union[ReportOrder, _Mapping]] = ...) -> None: ...

class ReportFilter(_message.Message):
    __slots__ = ("dimension", "values", "exclude")
    DIMENSION_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    EXCLUDE_FIELD_NUMBER: _ClassVar[int]
    dimension: str
    values: _containers.RepeatedScalarFieldContainer[str]
    exclude: bool
    def __init__(self, dimension: _Optional[str] = ..., values: _Optional[_Iterable[str]] = ..., exclude: _Optional[bool] = ...) -> None: ...

class ReportOrder(_message.Message):
    __slots__ = ("column", "descending")
    COLUMN_FIELD_NUMBER: _ClassVar[int]
    DESCENDING_FIELD_NUMBER: _ClassVar[int]
    column: str
    descending: bool
    def __init__(self, column: _Optional[str] = ..., descending: _Optional[bool] = ...) -> None: ...

class ReportCatalog(_message.Message):
    __slots__ = ("name", "dimensions", "metrics")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DIMENSIONS_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    name: str
    dimensions: _containers.RepeatedCompositeFieldContainer[ReportColumn]
    metrics: _containers.RepeatedCompositeFieldContainer[ReportColumn]
    def __init__(self, name: _Optional[str] = ..., dimensions: _Optional[_Iterable[_Union[ReportColumn, _Mapping]]] = ..., metrics: _Optional[_Iterable[_Union[ReportColumn, _Mapping]]] = ...) -> None: ...

class ReportColumn(_message.Message):
    __slots__ = ("id", "display_name", "description", "type", "dimensions")
    ID_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    DIMENSIONS_FIELD_NUMBER: _ClassVar[int]
    id: str
    display_name: str
    description: str
    type: ReportValueType
    dimensions: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, id: _Optional[str] = ..., display_name: _Optional[str] = ..., description: _Optional[str] = ..., type: _Optional[_Union[ReportValueType, str]] = ..., dimensions: _Optional[_Iterable[str]] = ...) -> None: ...

class ReportRow(_message.Message):
    __slots__ = ("values",)
    VALUES_FIELD_NUMBER: _ClassVar[int]
    values: _containers.RepeatedCompositeFieldContainer[ReportValue]
    def __init__(self, values: _Optional[_Iterable[_Union[ReportValue, _Mapping]]] = ...) -> None: ...

class ReportValue(_message.Message):
    __slots__ = ("text", "time", "count", "number", "duration", "money")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    DURATION_FIELD_NUMBER: _ClassVar[int]
    MONEY_FIELD_NUMBER: _ClassVar[int]
    text: str
    time: _timestamp_pb2.Timestamp
    count: int
    number: float
    duration: _duration_pb2.Duration
    money: _money_pb2.Money
    def __init__(self, text: _Optional[str] = ..., time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., count: _Optional[int] = ..., number: _Optional[float] = ..., duration: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., money: _Optional[_Union[_money_pb2.Money, _Mapping]] = ...) -> None: ...
