"""The edge: one Envoy in front of everything. `envoy.yaml` is its configuration, `render` fills in the addresses."""
