"""Admin's outside: `postgres`, `redis`, `argon2id`, `keys` (the key files), and `in_memory` for tests."""
