"""Amazon Web Services: keys, trails and the population, read and never changed. Judges nothing."""
