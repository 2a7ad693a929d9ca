"""Strategic choice models estimated from data, and crisis files fitted to observed cases."""
