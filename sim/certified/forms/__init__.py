"""Claims on classical games over boxes of their parameters, one module for each form of file."""
