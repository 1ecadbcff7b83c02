"""Pure derivations from observations: what rules are checked against. No clock, no network, no environment."""
