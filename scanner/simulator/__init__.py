"""Living stand-ins for the clouds, behind the official SDKs, for the demo and the tests. Reads no real account."""
