"""What makes the generated parts of Frontdesk: third-party protos, stubs, the OpenAPI document, the API reference."""
