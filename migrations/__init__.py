"""aerich's migrations. Each file holds the SQL of both dialects; `generate.py` writes them offline."""
