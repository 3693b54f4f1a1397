"""The outside systems behind channel's ports; only `main` chooses among them."""
