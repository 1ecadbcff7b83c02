"""What people write: the configuration file, its schema, and errors that point at the line. Scans nothing."""
