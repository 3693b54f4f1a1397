"""Values, facts, problems and rules of conversations. Pure: nothing here touches the world."""

from services.core.domain.content import Content as Content
from services.core.domain.customers import *  # noqa: F403
from services.core.domain.facts import *  # noqa: F403
from services.core.domain.identities import *  # noqa: F403
from services.core.domain.money import *  # noqa: F403
from services.core.domain.problems import *  # noqa: F403
from services.core.domain.references import *  # noqa: F403
from services.core.domain.rules import *  # noqa: F403
from services.core.domain.steps import *  # noqa: F403
from services.core.domain.transcripts import *  # noqa: F403
from services.core.domain.values import *  # noqa: F403
