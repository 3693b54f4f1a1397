"""One module per outside system, and `in_memory`: the same ports without any."""
