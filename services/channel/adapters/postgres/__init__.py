"""PostgreSQL behind `Channels`, `Sessions` and `Inbounds`."""
