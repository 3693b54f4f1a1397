"""The backlog in agent's tables, as `kit.postgres.queues` reads it: by the partial index of pending handovers."""

QUEUES = """
select 'handovers', count(*), coalesce(extract(epoch from clock_timestamp() - min(created)), 0)::float8
from (select created from handover where state = 'PENDING' limit 10000) waiting
"""
