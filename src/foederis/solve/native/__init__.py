"""A second engine for the processor, in C: what the kernels of JAX do for plain turns and events, several times faster.
"""
