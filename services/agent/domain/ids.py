"""The ids of this service's nouns: the last parts of their resource names."""

from typing import NewType

AgentId = NewType("AgentId", str)
QueueId = NewType("QueueId", str)
HandoverId = NewType("HandoverId", str)
AssignmentId = NewType("AssignmentId", str)
ConversationId = NewType("ConversationId", str)
CannedReplyId = NewType("CannedReplyId", str)
