-- Reports of long intervals: sums are kept of hours and days too, so that a report reads few of them for each of its rows.

alter table report_sum rename to report_quarter_sum;
alter table report_quarter_sum drop constraint report_sum_pkey;

-- The measurements of each quarter of an hour, each hour and each day of UTC: in every time zone, hours and days begin at a quarter.
-- `bin`: of durations, the bin of their histogram; otherwise 0.
create table report_sum (
    organization text not null,
    -- How long it is from `at` on: 15, 60 or 1440.
    minutes smallint not null,
    measure text not null,
    at timestamptz not null,
    channel text not null,
    agent text not null,
    bin smallint not null,
    count bigint not null,
    total bigint not null,
    primary key (organization, minutes, measure, at, channel, agent, bin)
) with (fillfactor = 50);

select set_config('frontdesk.organization', '*', true);
insert into report_sum (organization, minutes, measure, at, channel, agent, bin, count, total)
select organization, minutes, measure, date_bin(minutes * interval '1 minute', quarter, timestamptz 'epoch'),
    channel, agent, bin, sum(count), sum(total)
from report_quarter_sum cross join unnest('{15,60,1440}'::smallint[]) as width(minutes)
group by 1, 2, 3, 4, 5, 6, 7;
select set_config('frontdesk.organization', '', true);
drop table report_quarter_sum;

alter table report_sum enable row level security;
alter table report_sum force row level security;
create policy one_organization on report_sum
    using (current_setting('frontdesk.organization', true) in (organization, '*'));
