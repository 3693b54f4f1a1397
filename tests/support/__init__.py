"""Helpers for tests of every level."""
