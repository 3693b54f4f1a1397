"""Core: conversations, what is said in them, and whose turn it is to speak.

Nouns: Customer, Address, Conversation, Message, Turn. A message comes in (`app.receive_message`); if the assistant owns the
conversation, a Turn is its obligation to answer; `turns` runs it; its reply is committed only while the conversation's epoch,
the turn's attempt and the conversation's revision still hold. Screens follow along in `watching`.

Read: `domain` (values and rules), `ports`, `app` (use cases), `turns` (how a reply comes about), `watching` (live streams),
`citations`, `prompt`, then `rpc` and `main`.
"""
