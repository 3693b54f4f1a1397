/** `google.type.Money` as one number. */

const NANOS = 1e9;

interface Money {
  units: bigint;
  nanos: number;
}

export function amountOf(money: Money | undefined): number | undefined {
  return money && Number(money.units) + money.nanos / NANOS;
}

/** Undefined stays undefined. To the millionth of a unit. */
export function moneyOf(amount: number | undefined): Money | undefined {
  if (amount === undefined) return undefined;
  const units = Math.trunc(amount);
  return { units: BigInt(units), nanos: Math.round((amount - units) * 1e6) * 1000 };
}
