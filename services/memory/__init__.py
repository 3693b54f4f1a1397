"""The memory service: what an organization knows, and how the assistant finds it.

Its nouns: a Document is a knowledge source (text, file, web page); a Passage is a piece of it that can be found and quoted; the
knowledge of an organization is all its live passages, and has a version that grows with each change.

Read in this order: `domain` (documents, how texts are split, how rankings are fused), `ports`, `app` (the use cases: managing,
indexing, searching), `rpc`, `main`. Of the adapters, `retriever` searches: in copies (`exact`, of `parts`), and
in the stores where there is none.
"""
