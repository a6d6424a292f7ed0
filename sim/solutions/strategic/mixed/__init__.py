"""How mixed equilibria are found: vertices and supports, reduction, certificates, batches."""
