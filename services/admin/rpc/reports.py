"""ReportService."""

from dataclasses import replace

from frontdesk.admin import v1 as pb

from kit import clock, names, pages
from kit.ids import OrganizationId
from kit.interceptors import Context
from services.admin.app.reports import ReportApp
from services.admin.convert import reports as convert
from services.admin.domain.reports import Report, Value

DEFAULT_SIZE = 100
MAX_SIZE = 1000


class ReportServicer(pb.ReportServiceServicer):
    """Reports."""

    def __init__(self, reports: ReportApp) -> None:
        self._reports = reports

    async def GetReportCatalog(self, request: pb.GetReportCatalogRequest, context: Context) -> pb.ReportCatalog:
        ids = names.parse(convert.CATALOG, request.name)
        return convert.catalog_to_pb(OrganizationId(ids["organization"]))

    async def QueryReport(self, request: pb.QueryReportRequest, context: Context) -> pb.QueryReportResponse:
        organization = OrganizationId(names.last(request.parent))
        query = convert.query_from_pb(organization, request.query, clock.utc_now())
        report = Report((), None, None)

        async def fetch(after: pages.ByNumber | None, limit: int) -> list[tuple[int, tuple[Value, ...]]]:
            nonlocal report
            offset = after.number if after else 0
            report = await self._reports.query(query, limit, offset)
            return list(enumerate(report.rows, offset + 1))

        rows, more = await pages.page(
            request,
            pages.ByNumber,
            fetch,
            lambda row: pages.ByNumber(row[0]),
            filter=f"report\n{organization}\n{request.query.SerializeToString(deterministic=True).hex()}",
            default=DEFAULT_SIZE,
            most=MAX_SIZE,
        )
        return convert.report_to_pb(query, replace(report, rows=[row for _, row in rows]), more)
