"""The back-test: were alliances kept that a war called on, said with what was known the day before."""
