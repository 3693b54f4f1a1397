"""Admin's outside: `postgres`, `redis`, `argon2id` and `keys` (the key files)."""
