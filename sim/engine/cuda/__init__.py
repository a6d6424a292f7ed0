"""A graph as a kernel for a graphics card: one point a thread, printed as CUDA C and run through CuPy."""
