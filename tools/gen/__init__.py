"""Generates everything that follows from the contracts in proto/: offline, and the same bytes every time.

Read `__main__` (the list of files), then `contracts` (how a descriptor set is read), then the makers:
`python`, `typescript`, `openapi`, `reference`.
"""
