"""The rule language: loads checked rules, judges facts by them, explains every verdict. Reads no provider."""
