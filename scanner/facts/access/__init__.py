"""Effective access to keys, evaluated from policies, grants and roles as they were read. Reads no provider."""
