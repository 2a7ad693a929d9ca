"""A second engine for the processor, in C: what JAX's kernels do for plain turns and events, several times faster."""
