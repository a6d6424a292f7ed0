"""Where a claim holds: thresholds along one parameter, regions over two, boxes over more."""
