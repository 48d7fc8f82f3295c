"""Language models asked by an OpenAI-compatible endpoint: as judges who rate replies, or as systems that write them."""
