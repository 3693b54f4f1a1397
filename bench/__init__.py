"""Measures the cost of Frontdesk on the whole stack through Envoy, as ratios to a direct call. Run by `make bench`.

Read: `model` (an OpenAI-compatible test model that is faster than what it measures), `direct` (the bare call and a bare gRPC
echo), `chats` (customers on the real stack), `processes` (their CPU and memory), `report`, `__main__`, and
`paired` (two commits in turn). `flood` measures one organization beside another, and `growth` measures growing data.
"""
