"""How fast it is, beside a peer or a hand-written reference in the same run."""
