"""The backlog in core's tables, as `kit.postgres.queues` reads it: by the partial index of pending turns."""

QUEUES = """
select 'turns', count(*), coalesce(extract(epoch from clock_timestamp() - min(due)), 0)::float8
from (select due from turn where state = 'PENDING' and due <= clock_timestamp() limit 10000) waiting
"""
