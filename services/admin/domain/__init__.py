"""Values, rules and errors of admin, pure: one module per noun.

`roles` (permissions, who may give what), `organizations`, `users`, `passwords` (what makes one good enough), `sessions`
(refresh tokens and their rotation), `api_keys`, `limits` (how often one may try), `facts` (what the journal says), `errors`.
"""
