"""Simulators for roles: a model, a provider, a clock, another service. Never for a store: tests use real ones."""
