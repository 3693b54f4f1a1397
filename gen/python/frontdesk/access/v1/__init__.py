"""Made by `make gen` from proto/; do not edit."""

from frontdesk.access.v1.access_pb2 import Access as Access
from frontdesk.access.v1.access_pb2 import access as access
from frontdesk.access.v1.access_pb2 import revokes as revokes

# Full names of this package's services.
SERVICES: tuple[str, ...] = (
)
