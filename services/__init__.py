"""The five services. Know one, know all: read a service as `__init__`, `domain`, `ports`, `app`, `rpc`, `main`."""
