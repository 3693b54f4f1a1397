"""Values, rules and errors, pure: `ids`, `agent`, `queue`, `custody` (handover and assignment), `canned_reply`, `facts`."""
