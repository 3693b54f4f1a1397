"""Nothing lost, nothing doubled, and the assistant never talks over a human: proven by killing things.

`make fault` boots the real stack with two replicas of core and channel, lets customers and agents write, breaks things, and has
an independent checker decide. Read in this order: `evidence` (what is written down) and `journal`, `checker` with `live`,
`effects`, `spans` and `troubles` (the verdict, which reads nothing else), `chat` with `customers` and `browsers`, `phones` and
`agents` with `tokens` (programs of their own), `model`, `proxy` and `tests.twilio` (what misbehaves), `world` (the running
stack) and `words` (what can be done to it), `scenarios`, `collect` (the histories after quiet), `run` and `__main__`. `mutants`
proves that it turns red; `report` keeps the figures.
"""
