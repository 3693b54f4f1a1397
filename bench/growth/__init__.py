"""Whether cost grows with history, organizations or open streams. Run by `python -m bench.growth`.

Read: `figures` (ratios, aims and the table), `answers` (what an answer costs, small and large in turn), `stores` (the stack's
databases, and whether all followers have caught up); then the parts `turns`, `organizations`, `journal` (with `history`, which
writes it), `screens` and `webhooks` (with `wire`, a lean HTTP client); `__main__`.
"""
