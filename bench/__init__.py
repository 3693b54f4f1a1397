"""What Frontdesk costs, measured on the whole stack through Envoy, as ratios to the direct way. Run by `make bench`.

Read: `model` (an OpenAI-compatible test model that is faster than what it measures), `direct` (the bare call and a bare gRPC
echo), `chats` (customers on the real stack), `processes` (their CPU and memory), `report`, `__main__`, and
`paired` (two commits in turn). `flood` and `growth` ask other questions: of one organization beside another, and of what grows.
"""
