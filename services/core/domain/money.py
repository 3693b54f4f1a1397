"""The cost of a model's calls: tokens, and money as whole millionths of a currency (micros)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

MICROS = 1_000_000
_DATED = re.compile(r"-\d{4}-\d{2}-\d{2}$")
"""How a version of a model is named after its day: it costs what the model costs."""


@dataclass(frozen=True, slots=True)
class Price:
    """Micros for a million tokens of input, and of output."""

    input: int
    output: int


@dataclass(frozen=True, slots=True)
class Cost:
    """The use of a call, or the most that it may use."""

    tokens: int = 0
    micros: int = 0


@dataclass(frozen=True, slots=True)
class Limit:
    """The limits of an organization for a day. 0: no limit."""

    tokens: int = 0
    micros: int = 0


def cost(price: Price | None, input_tokens: int, output_tokens: int) -> Cost:
    """The cost of so many tokens, rounded up. A model without a price costs tokens alone."""
    if price is None:
        return Cost(input_tokens + output_tokens)
    millionths = input_tokens * price.input + output_tokens * price.output
    return Cost(input_tokens + output_tokens, -(-millionths // MICROS))


def micros(amount: str) -> int:
    """An amount of money, such as `12.50`, in micros. Raises ValueError."""
    try:
        value = Decimal(amount.strip()) * MICROS
    except InvalidOperation as error:
        raise ValueError(f"{amount!r} is not an amount of money; write it as 12.50.") from error
    if not value.is_finite() or value < 0 or value != value.to_integral_value():
        raise ValueError(f"{amount!r} is not an amount of money; write it as 12.50, with at most six decimals.")
    return int(value)


def prices(text: str) -> dict[str, Price]:
    """A price list: `model=input/output` for a million tokens each, separated by commas. Raises ValueError."""
    found = {}
    for entry in filter(None, (part.strip() for part in text.split(","))):
        model, equals, amounts = entry.rpartition("=")
        given, slash, taken = amounts.partition("/")
        if not (model and equals and slash):
            raise ValueError(f"{entry!r} is not a price; write model=input/output, such as my-model=0.50/1.50.")
        found[model.strip()] = Price(micros(given), micros(taken))
    return found


PRICES: Mapping[str, Price] = prices(
    "gpt-4o=2.50/10,gpt-4o-mini=0.15/0.60,gpt-4.1=2/8,gpt-4.1-mini=0.40/1.60,gpt-4.1-nano=0.10/0.40,"
    "gpt-4-turbo=10/30,gpt-3.5-turbo=0.50/1.50,o1=15/60,o3=2/8,o3-mini=1.10/4.40,o4-mini=1.10/4.40,"
    "gpt-5=1.25/10,gpt-5-mini=0.25/2,gpt-5-nano=0.05/0.40"
)
"""US dollars for a million tokens, as OpenAI listed them."""


def price_of(model: str, own: Mapping[str, Price]) -> Price | None:
    """A model's price: the operator's own, or the built-in one. None: it has none."""
    known = {**PRICES, **own}
    return known.get(model) or known.get(_DATED.sub("", model))
