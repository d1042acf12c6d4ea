"""Measurements of speed and memory, as ratios that carry over to other machines."""
