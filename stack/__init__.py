"""The one-machine topology: every store, service and the gateway as child processes of one supervisor.

Read in this order: `settings` (the configuration), `home` (the files on disk), `process` (one child: start,
wait for health, restart), `stores/` (how each server is started), `programs` (services, gateway, web), `supervisor`
(start, restart and stop in order) and `cli` (the `frontdesk` command).
"""
