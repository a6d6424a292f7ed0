"""What `sim plot` draws figures from: the records that they need, of a scenario, a file or a folder."""
