"""Microsoft Azure: vaults, managed HSMs and their keys, read and never changed. Judges nothing."""
