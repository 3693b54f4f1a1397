"""The domain of memory, without any store: documents and their states, passages, splitting and ranking."""
