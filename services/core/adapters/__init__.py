"""What core's ports are in production: one module per outside system."""
