"""A living Google Cloud on this machine."""
