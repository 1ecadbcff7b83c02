"""Everything that is counted: scores, changes since the last pack, controls, indicators. Judges nothing."""
