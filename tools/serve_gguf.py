"""Serves one GGUF file on this machine alone with llama.cpp's own OpenAI-compatible server (the package xllamacpp).

usage: serve_gguf.py MODEL.gguf ALIAS PORT [CONTEXT [THREADS [SLOTS]]]

CONTEXT is shared by the slots. Ready when GET /health answers 200; ends when its process is ended.
"""

import sys
import time

import xllamacpp


def main(model: str, alias: str, port: str, context: str = "2048", threads: str = "2", slots: str = "1") -> None:
    parameters = xllamacpp.CommonParams()
    parameters.model.path = model
    parameters.model_alias = {alias}
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = int(port)
    parameters.n_ctx = int(context)
    parameters.cpuparams.n_threads = int(threads)
    parameters.cpuparams_batch.n_threads = int(threads)
    parameters.n_parallel = int(slots)
    server = xllamacpp.Server(parameters)
    print("listening on", server.listening_address, flush=True)
    while True:
        time.sleep(3600)


if __name__ == "__main__":
    main(*sys.argv[1:])
