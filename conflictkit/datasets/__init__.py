"""What ships with the kit: tables and map layers, typed, keys as columns. Nothing is downloaded."""
