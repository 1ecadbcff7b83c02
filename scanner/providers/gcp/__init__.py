"""The reader of Google Cloud."""
