"""Muster every cryptographic key on every cloud, judge it by written rules, and prove the answer."""

__version__ = "0.1.0"
