"""Facts about embedding models: the words they want before a text, and the meaning of their cosines."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EmbeddingModel:
    """An embedding model by its name. Vectors of different models are never compared."""

    name: str
    unrelated: float = 0.05
    """The cosine of a question and a passage on something else: a relevance of 0."""
    same: float = 0.75
    """The cosine of a question and a passage that answers it almost literally: a relevance of 1."""
    query_prefix: str = ""
    passage_prefix: str = ""

    def relevance(self, cosine: float) -> float:
        """How near a passage is in meaning, 0 to 1, comparable between models."""
        return min(1.0, max(0.0, (cosine - self.unrelated) / (self.same - self.unrelated)))


def embedding_model(name: str) -> EmbeddingModel:
    """The model of a name. A model that is not known here is taken for one like OpenAI's.

    The numbers of the known ones are measured with `make eval`.
    """
    bare = name.rpartition("/")[2].lower()
    if "e5-" in bare:  # https://huggingface.co/intfloat/multilingual-e5-small: both prefixes are needed
        return EmbeddingModel(name, unrelated=0.70, same=0.95, query_prefix="query: ", passage_prefix="passage: ")
    if "minilm" in bare:
        return EmbeddingModel(name, unrelated=0.0, same=0.80)
    return EmbeddingModel(name)
