"""Channel: where customers come in, and where answers leave. It owns Channel, Session, Delivery, and what was received until
core has it.

A web chat opens a session here and gets a token; what its customer sends is stored here first and then brought to core, in
order and exactly once; the screens watch their conversation at core itself. A provider's webhooks are stored likewise, and what
is said to its customers leaves as deliveries. Read: domain, ports, app, rpc, events, main.
"""
