"""What memory is about, without any store: documents and their states, passages, splitting and ranking."""
