"""The treaty ladder over a box of parameters: bounds of its margin, rungs and best treaty."""
