"""The peer of the embedding: sentence-transformers on the lines of a file, two threads; prints what it took as JSON.

    peer_embedding.py FOLDER FILE VECTORS
"""

import json
import sys
import time
from pathlib import Path

import numpy
import torch
from sentence_transformers import SentenceTransformer


def main() -> None:
    folder, file, out = sys.argv[1:]
    torch.set_num_threads(2)
    texts = Path(file).read_text().splitlines()
    began = time.perf_counter()
    model = SentenceTransformer(folder, device="cpu")
    load = time.perf_counter() - began
    model.encode(texts[:64], show_progress_bar=False)
    began = time.perf_counter()
    vectors = model.encode(texts, normalize_embeddings=True, show_progress_bar=False)
    seconds = time.perf_counter() - began
    Path(out).write_bytes(numpy.ascontiguousarray(vectors, dtype="<f4").tobytes())
    print(json.dumps({"texts": len(vectors), "seconds": seconds, "load_seconds": load}))


if __name__ == "__main__":
    main()
