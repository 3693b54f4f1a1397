"""The adapters of core's ports in production: one module per outside system."""
