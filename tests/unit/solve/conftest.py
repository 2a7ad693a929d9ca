"""JAX is set up as the package sets it up: tests here use it themselves."""

from foederis.solve.lazy import load

load()
