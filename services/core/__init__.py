"""Core: conversations, what is said in them, and whose turn it is to speak.

Nouns: Customer, Address, Conversation, Message, Turn. A message comes in (`app.App.receive_message`); if the assistant owns the
conversation, a Turn is its obligation to answer; `app.turns` runs it; its reply is committed only while the conversation's
epoch, the turn's attempt and the conversation's revision still hold. Screens follow along in `app.live`.

Read: `domain` (values and rules), `ports`, `app` (use cases), `app.turns` (how a reply comes about), `app.live` (live streams),
then `rpc` and `main`.
"""
