"""What figures share: one style, texts that fit, letters that the fonts have."""
