"""Made by `make gen` from proto/; do not edit."""
