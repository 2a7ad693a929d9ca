"""The outside view: what the historical record says, apart from any crisis file."""
