/** The time zones that this browser knows. */
export const TIME_ZONES = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")].map((zone) => ({
  id: zone,
  label: zone.replaceAll("_", " "),
}));
