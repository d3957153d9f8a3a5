"""Whether a site speaks the protocol that `docs/reference/protocol.md` specifies."""
