"""Snapshots on disk: written atomically shard by shard, read back as the model. Judges nothing."""
