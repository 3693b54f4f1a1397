"""Channel's use cases: channels, sessions and messages."""
