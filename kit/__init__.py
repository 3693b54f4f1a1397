"""The ground every service stands on: life cycle, callers, errors, journal, clients, settings, logs, limits and secrets.

Read in this order: `service` (how a process lives), `interceptors` (what happens around each call), `caller` (who
calls), `errors` (how things fail), `journal` (how facts travel). The kit knows no service and, of the contracts, only
the access option.
"""
