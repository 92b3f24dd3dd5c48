"""Writes tiny models with random weights, one of each family, for comparison with llama.cpp.

usage: tiny_models.py FOLDER DONOR.gguf

They have nothing to say; but every part of their architecture is at work: grouped heads, norms of heads, biases, fused
tensors, windows and the layers without one, both ends of a rotation. The byte-pair vocabulary is the donor's (so that real
texts have tokens); the SentencePiece one is made of the words of the donor. Needs the package `gguf`."""

import sys
from pathlib import Path

import numpy as np
from gguf import GGUFReader, GGUFWriter, TokenType

HIDDEN, INNER, HEADS, KEY_HEADS = 64, 96, 4, 2
LAYERS = 3


class Model:
    """A file in the making."""

    def __init__(self, path: Path, architecture: str, vocabulary: int, width: int, seed: int, layers: int = LAYERS):
        self.writer = GGUFWriter(str(path), architecture)
        self.random = np.random.default_rng(seed)
        self.layers = layers
        self.vocabulary, self.width = vocabulary, width
        writer = self.writer
        # Phi 3 is known by its name to swallow blanks after its marks.
        writer.add_name({"phi3": "phi-3"}.get(path.stem, path.stem))
        writer.add_context_length(2048)
        writer.add_embedding_length(HIDDEN)
        writer.add_block_count(self.layers)
        writer.add_feed_forward_length(INNER)
        writer.add_head_count(HEADS)
        writer.add_head_count_kv(KEY_HEADS)
        writer.add_layer_norm_rms_eps(1e-6)
        writer.add_key_length(width)
        writer.add_value_length(width)

    def matrix(self, name: str, rows: int, columns: int, scale: float = 1.0):
        weights = self.random.normal(0, scale / np.sqrt(columns), (rows, columns))
        self.writer.add_tensor(name, weights.astype(np.float32))

    def vector(self, name: str, width: int, around: float = 1.0):
        self.writer.add_tensor(name, self.random.normal(around, 0.2, width).astype(np.float32))

    def ends(self, own_output: bool):
        """Embedding, last norm, output. Logits are spread so that the most probable tokens stand out."""
        self.matrix("token_embd.weight", self.vocabulary, HIDDEN, scale=3.0)
        self.vector("output_norm.weight", HIDDEN)
        if own_output:
            self.matrix("output.weight", self.vocabulary, HIDDEN, scale=3.0)

    def norms(self, layer: str, *names: str):
        for name in names:
            self.vector(f"{layer}.{name}.weight", HIDDEN)

    def layer(self, index: int, *, fused=False, bias=False, head_norms=False, after_norms=False):
        layer = f"blk.{index}"
        query, key = HEADS * self.width, KEY_HEADS * self.width
        self.norms(layer, "attn_norm", "ffn_norm")
        if fused:
            self.matrix(f"{layer}.attn_qkv.weight", query + 2 * key, HIDDEN, scale=2.0)
            self.matrix(f"{layer}.ffn_up.weight", 2 * INNER, HIDDEN, scale=2.0)
        else:
            for name, rows in (("attn_q", query), ("attn_k", key), ("attn_v", key)):
                self.matrix(f"{layer}.{name}.weight", rows, HIDDEN, scale=2.0)
                if bias:
                    self.vector(f"{layer}.{name}.bias", rows, around=0.0)
            self.matrix(f"{layer}.ffn_gate.weight", INNER, HIDDEN, scale=2.0)
            self.matrix(f"{layer}.ffn_up.weight", INNER, HIDDEN, scale=2.0)
        self.matrix(f"{layer}.attn_output.weight", HIDDEN, query)
        self.matrix(f"{layer}.ffn_down.weight", HIDDEN, INNER)
        if head_norms:
            self.vector(f"{layer}.attn_q_norm.weight", self.width)
            self.vector(f"{layer}.attn_k_norm.weight", self.width)
        if after_norms:
            self.norms(layer, "post_attention_norm", "post_ffw_norm")

    def close(self):
        self.writer.write_header_to_file()
        self.writer.write_kv_data_to_file()
        self.writer.write_tensors_to_file()
        self.writer.close()


def byte_pairs(writer: GGUFWriter, donor: dict, pre: str, template: str | None):
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(pre)
    writer.add_token_list(donor["tokens"])
    writer.add_token_types(donor["types"])
    writer.add_token_merges(donor["merges"])
    writer.add_bos_token_id(donor["bos"])
    writer.add_eos_token_id(donor["eos"])
    writer.add_add_bos_token(False)
    if template:
        writer.add_chat_template(template)


def pieces(donor: dict) -> tuple[list[str], list[float], list[int]]:
    """A SentencePiece vocabulary: marks, bytes, line breaks, and the readable words of the donor, the shorter the likelier."""
    tokens, scores, types = ["<unk>", "<s>", "</s>"], [0.0] * 3, [TokenType.UNKNOWN, TokenType.CONTROL, TokenType.CONTROL]
    for byte in range(256):
        tokens.append(f"<0x{byte:02X}>")
        scores.append(0.0)
        types.append(TokenType.BYTE)
    for special in ("<start_of_turn>", "<end_of_turn>", "<|user|>", "<|assistant|>", "<|end|>", "<|endoftext|>"):
        tokens.append(special)
        scores.append(0.0)
        types.append(TokenType.CONTROL)
    for breaks in ("\n", "\n\n", "  "):
        tokens.append(breaks)
        scores.append(0.0)
        types.append(TokenType.USER_DEFINED)
    words = {"▁"}
    for token in donor["tokens"]:
        try:
            word = token.replace("Ġ", "▁").encode("utf-8").decode("utf-8")
        except UnicodeError:
            continue
        if len(word) <= 12 and all(c == "▁" or c.isascii() and c.isprintable() for c in word) and "<" not in word:
            words.add(word)
    words.update("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")
    for rank, word in enumerate(sorted(words, key=lambda word: (len(word), word))):
        tokens.append(word)
        # Longer ones first, as a tokenizer that was trained by frequency has it more often than not; every second one even.
        scores.append(float(-(rank % 97)) - 1000.0 / len(word) if len(word) > 1 else -1e6)
        types.append(TokenType.NORMAL)
    return tokens, scores, types


def sentence_pieces(writer: GGUFWriter, vocabulary, leading_blank: bool, template: str | None):
    tokens, scores, types = vocabulary
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(tokens)
    writer.add_token_scores(scores)
    writer.add_token_types(types)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_add_bos_token(True)
    writer.add_add_space_prefix(leading_blank)
    if template:
        writer.add_chat_template(template)


GEMMA = """{{ bos_token }}{%- if messages[0]['role'] == 'system' -%}{%- set first = messages[0]['content'] + '\n\n' -%}{%- set loop_messages = messages[1:] -%}{%- else -%}{%- set first = "" -%}{%- set loop_messages = messages -%}{%- endif -%}{%- for message in loop_messages -%}{%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) -%}{{ raise_exception("Conversation roles must alternate user/assistant/user/assistant/...") }}{%- endif -%}{%- set role = "model" if message['role'] == 'assistant' else message['role'] -%}{{ '<start_of_turn>' + role + '\n' + (first if loop.first else "") }}{{ message['content'] | trim }}{{ '<end_of_turn>\n' }}{%- endfor -%}{%- if add_generation_prompt -%}{{ '<start_of_turn>model\n' }}{%- endif -%}"""
PHI = """{% for message in messages %}{% if message['role'] == 'system' %}{{'<|system|>\n' + message['content'] + '<|end|>\n'}}{% elif message['role'] == 'user' %}{{'<|user|>\n' + message['content'] + '<|end|>\n'}}{% elif message['role'] == 'assistant' %}{{'<|assistant|>\n' + message['content'] + '<|end|>\n'}}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% else %}{{ eos_token }}{% endif %}"""
MISTRAL = """{{ bos_token }}{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}{% if message['role'] == 'user' %}{{ '[INST] ' + message['content'] + ' [/INST]' }}{% elif message['role'] == 'assistant' %}{{ ' ' + message['content'] + eos_token }}{% else %}{{ raise_exception('Only user and assistant roles are supported!') }}{% endif %}{% endfor %}"""
CHATML = """{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"""


def main(folder: Path, donor_path: Path):
    folder.mkdir(parents=True, exist_ok=True)
    fields = GGUFReader(str(donor_path)).fields
    names = {"tokens": "tokens", "types": "token_type", "merges": "merges", "bos": "bos_token_id", "eos": "eos_token_id"}
    donor = {short: fields[f"tokenizer.ggml.{name}"].contents() for short, name in names.items()}
    words = pieces(donor)

    model = Model(folder / "qwen3.gguf", "qwen3", len(donor["tokens"]), 32, seed=1)
    model.writer.add_rope_freq_base(1_000_000.0)
    byte_pairs(model.writer, donor, "qwen2", CHATML)
    model.ends(own_output=False)
    for index in range(model.layers):
        model.layer(index, head_norms=True)
    model.close()

    model = Model(folder / "qwen2.gguf", "qwen2", len(donor["tokens"]), 16, seed=2)
    model.writer.add_rope_freq_base(1_000_000.0)
    byte_pairs(model.writer, donor, "qwen2", CHATML)
    model.ends(own_output=False)
    for index in range(model.layers):
        model.layer(index, bias=True)
    model.close()

    # Half of each head is rotated, with factors; positions within the length of the original training.
    model = Model(folder / "phi3.gguf", "phi3", len(words[0]), 16, seed=3)
    model.writer.add_rope_freq_base(10_000.0)
    model.writer.add_rope_dimension_count(8)
    model.writer.add_rope_scaling_orig_ctx_len(16384)
    model.writer.add_rope_scaling_attn_factors(1.19)
    model.writer.add_sliding_window(2048)
    for name in ("short", "long"):
        factors = model.random.uniform(1.0, 3.0, 4).astype(np.float32)
        model.writer.add_tensor(f"rope_factors_{name}.weight", factors)
    # Its line breaks are pieces like others.
    types = [TokenType.NORMAL if kind == TokenType.USER_DEFINED else kind for kind in words[2]]
    sentence_pieces(model.writer, (words[0], words[1], types), True, PHI)
    model.ends(own_output=True)
    for index in range(model.layers):
        model.layer(index, fused=True)
    model.close()

    # The sixth layer sees everything; the seventh has a window again.
    model = Model(folder / "gemma3.gguf", "gemma3", len(words[0]), 32, seed=4, layers=7)
    model.writer.add_rope_freq_base(1_000_000.0)
    model.writer.add_sliding_window(16)
    sentence_pieces(model.writer, words, False, GEMMA)
    model.ends(own_output=False)
    for index in range(model.layers):
        model.layer(index, head_norms=True, after_norms=True)
    model.close()

    model = Model(folder / "mistral.gguf", "llama", len(words[0]), 16, seed=5)
    model.writer.add_rope_freq_base(10_000.0)
    model.writer.add_rope_dimension_count(16)
    sentence_pieces(model.writer, words, True, MISTRAL)
    model.ends(own_output=True)
    for index in range(model.layers):
        model.layer(index)
    model.close()

    # Ways of cutting texts before byte pairs are merged.
    for pre in ("gpt-2", "llama-bpe", "tekken", "gpt-4o"):
        model = Model(folder / f"cut-{pre}.gguf", "llama", len(donor["tokens"]), 16, seed=6, layers=1)
        model.writer.add_rope_dimension_count(16)
        byte_pairs(model.writer, donor, pre, None)
        model.ends(own_output=False)
        model.layer(0)
        model.close()


main(Path(sys.argv[1]), Path(sys.argv[2]))
