"""Channel: where customers come in. It owns Channel, Session and what was received until core has it.

A web chat opens a session here and gets a token; what its customer sends is stored here first and then brought to core, in
order and exactly once; the screens watch their conversation at core itself. Read: domain, ports, app, rpc, main.
"""
