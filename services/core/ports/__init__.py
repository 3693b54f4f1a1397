"""The ports of core, by what they are for."""
