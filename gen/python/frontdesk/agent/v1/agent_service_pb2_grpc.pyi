"""Made by `make gen` from proto/; do not edit."""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeAlias

import grpc.aio
import frontdesk.agent.v1.agent_pb2
import frontdesk.agent.v1.agent_service_pb2

_Context: TypeAlias = grpc.aio.ServicerContext[Any, Any]

class AgentServiceStub:
    def __init__(self, channel: grpc.aio.Channel) -> None: ...
    GetAgent: grpc.aio.UnaryUnaryMultiCallable[frontdesk.agent.v1.agent_service_pb2.GetAgentRequest, frontdesk.agent.v1.agent_pb2.Agent]
    ListAgents: grpc.aio.UnaryUnaryMultiCallable[frontdesk.agent.v1.agent_service_pb2.ListAgentsRequest, frontdesk.agent.v1.agent_service_pb2.ListAgentsResponse]
    UpdateAgent: grpc.aio.UnaryUnaryMultiCallable[frontdesk.agent.v1.agent_service_pb2.UpdateAgentRequest, frontdesk.agent.v1.agent_pb2.Agent]

class AgentServiceServicer:
    def GetAgent(self, request: frontdesk.agent.v1.agent_service_pb2.GetAgentRequest, context: _Context) -> Awaitable[frontdesk.agent.v1.agent_pb2.Agent]: ...
    def ListAgents(self, request: frontdesk.agent.v1.agent_service_pb2.ListAgentsRequest, context: _Context) -> Awaitable[frontdesk.agent.v1.agent_service_pb2.ListAgentsResponse]: ...
    def UpdateAgent(self, request: frontdesk.agent.v1.agent_service_pb2.UpdateAgentRequest, context: _Context) -> Awaitable[frontdesk.agent.v1.agent_pb2.Agent]: ...

def add_AgentServiceServicer_to_server(
    servicer: AgentServiceServicer, server: grpc.aio.Server
) -> None: ...
