"""Array kernels shared by several rooms: arrays in, arrays out, the batch axis last."""
