"""Full-text search: what is indexed of an edition, and how what readers ask is found in it, through a view."""
