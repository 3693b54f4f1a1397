"""Nothing lost, nothing doubled, and the assistant never talks over a human: tested by killing processes.

`make fault` boots the real stack with two replicas of core and channel, lets customers and agents write, breaks things, and has
an independent checker decide. Read in this order: `evidence` (the logged facts) and `journal`, `checker` with `live`,
`effects`, `spans` and `troubles` (the verdict, which reads nothing else), `chat` with `customers` and `browsers`, `phones` and
`agents` with `tokens` (separate programs), `model`, `proxy` and `tests.twilio` (the parts that misbehave), `world` (the running
stack) and `words` (the actions on it), `scenarios`, `collect` (the histories of the idle system), `run` and `__main__`.
`mutants` proves that it turns red; `report` keeps the figures.
"""
