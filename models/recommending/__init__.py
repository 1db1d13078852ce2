"""Articles for who has read one: what its author named, and others that share tags, links or rare words with it."""
