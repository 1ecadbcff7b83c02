"""Readers of the platforms. Each turns API answers into the model and nothing else; none knows another."""
