"""The nouns of the product: what a snapshot, a fact, a finding and a report are made of. Knows no other room."""
