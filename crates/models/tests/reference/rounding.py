"""How far llama.cpp's next-token log-probabilities scatter by its own rounding, and whether rounding as it does comes nearer to them.

usage: rounding.py MODEL.gguf TEXTS.txt; needs the packages xllamacpp, gguf and numpy (target/llama-server). Each line is a text.

llama.cpp rounds activations to 8 bits before they are multiplied with quantised weights (blocks of 32, or of 256 for the types that
end in K). Here the network of the families llama and qwen2 is computed in numpy with the same weights, in these ways:

exact     activations stay in 32 bits, as in Winnow
rounded   as llama.cpp rounds: activations to 8 bits, a block's scale and the sum that goes with a minimum to 16, keys and values to 16
halves    the same, but each product is the sum of two halves: another order of adding and nothing else

Beside the server as it is (`server`), without flash attention (`no flash`) and with one token at a time (`one by one`), for the five
tokens that are most probable to the first of each pair.
"""

import itertools
import json
import socket
import sys
import urllib.request

import numpy as np
import xllamacpp
from gguf import GGUFReader
from gguf.quants import dequantize

SINGLE = np.float32
WAYS = ("exact", "rounded", "halves")
SERVERS = {"server": {}, "no flash": {"flash_attn_type": "LLAMA_FLASH_ATTN_TYPE_DISABLED"}, "one by one": {"n_ubatch": 1}}


def half(x):
    return x.astype(np.float16).astype(SINGLE)


def divided(number, by):
    return np.divide(SINGLE(number), by, out=np.zeros_like(by), where=by > 0)


def in_eight_bits(x, kind):
    """Activations as they are after rounding, and by how much each block's sum is off where it is kept apart."""
    size = 256 if kind.endswith("_K") else 32
    blocks = x.reshape(-1, size)
    largest = np.abs(blocks).max(1, keepdims=True)
    steps = np.rint(blocks * divided(127, largest))
    if size == 256:
        return (steps * divided(1, divided(127, largest))).reshape(x.shape), None
    scale = largest / SINGLE(127)
    total = steps.sum(1, keepdims=True)
    off = half(scale * total) - half(scale) * total
    return (steps * half(scale)).reshape(x.shape), off.reshape(*x.shape[:-1], -1)


class Network:
    """A network of the families llama and qwen2."""

    def __init__(self, path):
        reader = GGUFReader(path)
        self.weights, self.kinds, self.minima = {}, {}, {}
        for tensor in reader.tensors:
            shape = [int(size) for size in reversed(tensor.shape)]
            name, kind = tensor.name, tensor.tensor_type.name
            self.kinds[name] = kind
            self.weights[name] = dequantize(tensor.data, tensor.tensor_type).reshape(shape).astype(SINGLE)
            if kind == "Q4_1":
                minima = tensor.data.reshape(-1, 20)[:, 2:4].copy().view(np.float16)
                self.minima[name] = minima.astype(SINGLE).reshape(shape[0], -1)
        field = lambda key: reader.fields[key].contents()
        self.family = field("general.architecture")
        size = lambda key: field(f"{self.family}.{key}")
        self.layers, self.heads, self.key_heads = (size(key) for key in ("block_count", "attention.head_count", "attention.head_count_kv"))
        self.width = size("embedding_length") // self.heads
        self.base, self.epsilon = size("rope.freq_base"), SINGLE(size("attention.layer_norm_rms_epsilon"))

    def times(self, x, name, way):
        weights, kind = self.weights[name], self.kinds[name]
        if way == "exact" or kind == "F32":
            return x @ weights.T
        x, off = in_eight_bits(x, kind)
        middle = x.shape[-1] // 2 if way == "halves" else 0
        product = x[..., middle:] @ weights[:, middle:].T
        if middle:
            product = x[..., :middle] @ weights[:, :middle].T + product
        return product + off @ self.minima[name].T if kind == "Q4_1" else product

    def normed(self, x, name):
        mean = (x.astype(np.float64) ** 2).mean(-1, keepdims=True).astype(SINGLE)
        return x * (SINGLE(1) / np.sqrt(mean + self.epsilon)) * self.weights[name]

    def turned(self, x):
        angles = np.arange(len(x))[:, None] * self.base ** (-np.arange(0, self.width, 2) / self.width)
        cos, sin = np.cos(angles).astype(SINGLE)[:, None], np.sin(angles).astype(SINGLE)[:, None]
        middle = self.width // 2
        left, right = (slice(0, None, 2), slice(1, None, 2)) if self.family == "llama" else (slice(middle), slice(middle, None))
        turned = np.empty_like(x)
        turned[..., left] = x[..., left] * cos - x[..., right] * sin
        turned[..., right] = x[..., left] * sin + x[..., right] * cos
        return turned

    def attended(self, x, layer, way):
        count = len(x)
        part = lambda name: self.times(x, f"blk.{layer}.attn_{name}.weight", way) + self.weights.get(f"blk.{layer}.attn_{name}.bias", 0)
        query = self.turned(part("q").reshape(count, self.heads, self.width))
        key = self.turned(part("k").reshape(count, self.key_heads, self.width))
        value = part("v").reshape(count, self.key_heads, self.width)
        if way != "exact":
            key, value = half(key), half(value)
        unseen = np.triu(np.full((count, count), -np.inf, SINGLE), 1)
        mixed = np.empty_like(query)
        for head in range(self.heads):
            shared = head * self.key_heads // self.heads
            scores = query[:, head] @ key[:, shared].T * SINGLE(self.width**-0.5) + unseen
            scores = np.exp(scores - scores.max(1, keepdims=True))
            mixed[:, head] = scores @ value[:, shared] / scores.sum(1, keepdims=True)
        return self.times(mixed.reshape(count, -1), f"blk.{layer}.attn_output.weight", way)

    def next_tokens(self, tokens, way):
        x = self.weights["token_embd.weight"][tokens]
        for layer in range(self.layers):
            x = x + self.attended(self.normed(x, f"blk.{layer}.attn_norm.weight"), layer, way)
            if layer + 1 == self.layers:
                x = x[-1:]
            inner = self.normed(x, f"blk.{layer}.ffn_norm.weight")
            gate, up = (self.times(inner, f"blk.{layer}.ffn_{name}.weight", way) for name in ("gate", "up"))
            x = x + self.times(gate / (1 + np.exp(-gate)) * up, f"blk.{layer}.ffn_down.weight", way)
        table = "output.weight" if "output.weight" in self.weights else "token_embd.weight"
        logits = self.times(self.normed(x, "output_norm.weight"), table, way)[0].astype(np.float64)
        logits -= logits.max()
        return dict(enumerate(logits - np.log(np.exp(logits).sum())))


class Server:
    """llama.cpp's server in this process."""

    def __init__(self, path, settings):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        parameters = xllamacpp.CommonParams()
        parameters.model.path, parameters.hostnames, parameters.port, parameters.n_ctx = path, ["127.0.0.1"], self.port, 4096
        # Two threads that wait for each other are slow on a machine with other work, and change nothing.
        parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
        for name, value in settings.items():
            setattr(parameters, name, getattr(xllamacpp.llama_flash_attn_type, value) if name == "flash_attn_type" else value)
        self.server = xllamacpp.Server(parameters)

    def post(self, path, body):
        address = f"http://127.0.0.1:{self.port}{path}"
        request = urllib.request.Request(address, json.dumps(body).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=600) as answer:
            return json.load(answer)

    def tokens(self, text):
        return self.post("/tokenize", {"content": text, "add_special": False})["tokens"]

    def next_tokens(self, tokens):
        # A token that is part of a letter has no text and would not be told; what is told is before the grammar.
        body = {"prompt": tokens, "n_predict": 1, "n_probs": 100, "cache_prompt": False, "grammar": 'root ::= "a"'}
        told = self.post("/completion", body)["completion_probabilities"][0]["top_logprobs"]
        return {token["id"]: token["logprob"] for token in told}


def main(path, texts):
    with open(texts, encoding="utf-8") as file:
        lines = [line.strip() for line in file if line.strip()]
    answers = {}
    for name, settings in SERVERS.items():
        server = Server(path, settings)
        prompts = [server.tokens(line) for line in lines]
        answers[name] = [server.next_tokens(tokens) for tokens in prompts]
        del server
    network = Network(path)
    for way in WAYS:
        answers[way] = [network.next_tokens(tokens, way) for tokens in prompts]
    for left, right in itertools.combinations(answers, 2):
        apart = []
        for one, other in zip(answers[left], answers[right]):
            top = sorted(one, key=one.get, reverse=True)[:5]
            apart += [abs(one[token] - other[token]) for token in top if token in other]
        quantiles = np.quantile(apart, [0.5, 0.9, 0.99, 1.0])
        print(f"{left:>10} {right:<10}", "median {:.3f}, 90% {:.3f}, 99% {:.3f}, largest {:.3f}".format(*quantiles), flush=True)


main(*sys.argv[1:])
