"""The backlog in channel's tables, as `kit.postgres.queues` reads it: each by a partial index."""

QUEUES = """
select 'inbound', count(*), coalesce(extract(epoch from clock_timestamp() - min(created)), 0)::float8
from (select created from inbound where state = 0 limit 10000) waiting
"""
