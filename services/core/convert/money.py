"""Amounts of money between micros and the contract. The currency is the operator's price list's, which has no code."""

from typing import Any

from google.type import money_pb2  # type: ignore[import-untyped]

from services.core.domain.money import MICROS

_NANOS = 1_000


def money_to_pb(micros: int) -> Any:
    """Whole millionths of the currency as money."""
    units, rest = divmod(micros, MICROS)
    return money_pb2.Money(units=units, nanos=rest * _NANOS)


def micros_from_pb(money: Any) -> int:
    """Money as whole millionths, rounded down."""
    return int(money.units * MICROS + money.nanos // _NANOS)
