"""Made by `make gen` from proto/; do not edit."""

from frontdesk.event.v1.envelope_pb2 import ACTOR_KIND_AGENT as ACTOR_KIND_AGENT
from frontdesk.event.v1.envelope_pb2 import ACTOR_KIND_API_KEY as ACTOR_KIND_API_KEY
from frontdesk.event.v1.envelope_pb2 import ACTOR_KIND_ASSISTANT as ACTOR_KIND_ASSISTANT
from frontdesk.event.v1.envelope_pb2 import ACTOR_KIND_CUSTOMER as ACTOR_KIND_CUSTOMER
from frontdesk.event.v1.envelope_pb2 import ACTOR_KIND_SERVICE as ACTOR_KIND_SERVICE
from frontdesk.event.v1.envelope_pb2 import ACTOR_KIND_UNSPECIFIED as ACTOR_KIND_UNSPECIFIED
from frontdesk.event.v1.envelope_pb2 import ACTOR_KIND_USER as ACTOR_KIND_USER
from frontdesk.event.v1.envelope_pb2 import Actor as Actor
from frontdesk.event.v1.envelope_pb2 import ActorKind as ActorKind
from frontdesk.event.v1.envelope_pb2 import Envelope as Envelope
from frontdesk.event.v1.envelope_pb2 import Filter as Filter
from frontdesk.event.v1.envelope_pb2 import state as state

# Full names of this package's services.
SERVICES: tuple[str, ...] = (
)
