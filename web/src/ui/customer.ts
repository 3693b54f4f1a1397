/** A customer's name, the same one on every screen. */

/**
 * The name that a customer is known by, or a replacement made of their id.
 *
 * `customer`: `organizations/{organization}/customers/{customer}`, so that all conversations of a customer without a name have one
 * name. Empty where it isn't known yet.
 */
export function customerName(displayName: string, customer: string): string {
  return displayName || `Customer ${customer.slice(-4)}`.trim();
}
