"""Digests: what is new, told once, and brought to its readers.

`schedule` says when an edition is due, `build` what stands in it, `render` and
`plain` how it looks; `compose` joins the three. `outbox` hands editions over
through `send` and `mail`, and remembers each receipt.
"""
