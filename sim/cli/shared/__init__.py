"""What verbs share: options, streams, progress, notes on values outside of their ranges."""
