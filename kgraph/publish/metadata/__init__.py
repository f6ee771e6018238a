"""What a release says of itself to portals, harvesters, crawlers and those who cite it."""
