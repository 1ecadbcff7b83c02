"""The evidence pack: its root hash, its manifest and its link to the pack before. Judges nothing."""
