"""Generators of Frontdesk's generated parts: third-party protos, stubs, the OpenAPI document, the API reference."""
