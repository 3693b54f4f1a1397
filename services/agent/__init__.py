"""Agent: the humans who answer customers, who of them is at work, who waits for them, and who has which conversation.

Its nouns are Agent, Presence, Queue, Handover, Assignment and canned reply. Core decides who has a conversation; this
service asks core, follows core's journal, and keeps a `Custody` per conversation that is never ahead of what core committed.
Read in this order: `domain` (values and rules), `ports`, `app` (use cases), `rpc`, `events`, `main`.
"""
