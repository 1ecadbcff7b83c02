"""What keys protect on AWS: one module for each service that keeps data. Judges nothing."""
