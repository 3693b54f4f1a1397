"""The one-machine topology: every store, service and the gateway as child processes of one supervisor.

Read in this order: `settings` (what can be configured), `home` (what lies where on disk), `process` (one child: start,
wait for health, restart), `stores/` (how each server is started), `programs` (services, gateway, web), `supervisor`
(the order of things) and `cli` (the `frontdesk` command).
"""
