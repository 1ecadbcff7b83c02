"""A living AWS on 127.0.0.1 behind unmodified boto3: read operations only. Imports nothing from the other rooms."""
