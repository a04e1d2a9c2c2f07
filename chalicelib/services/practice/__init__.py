"""Practice: an account's own rehearsal, decided by the rules of the real thing, kept where nothing real looks."""
