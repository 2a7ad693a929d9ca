"""Ensembles: many cases, settings, what-ifs and worlds, solved by many processes and kept on disk."""
