"""A living Azure on this machine: management and data plane, sign-in, clock, faults. Serves the demo and tests only."""
