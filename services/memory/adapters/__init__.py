"""One module per outside system: MongoDB, Chroma, the embedding model, files, web pages, Redis."""
