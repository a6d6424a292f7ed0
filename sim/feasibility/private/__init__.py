"""Private information in a dispute: ladder and prediction by type, and what messages make others believe."""
