/** An amount of the price list's currency, which has no sign of its own. */

import type { Turn } from "@contracts/core/v1/turn_pb";

const AMOUNT = new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 6 });

export function costText(money: Turn["cost"]): string {
  return money ? AMOUNT.format(Number(money.units) + money.nanos / 1e9) : "Not known";
}
