#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the demo: a small language model and a preference dataset, into resources/demo.

    packaging/demo/make_demo.py --cli build/release/preflab-cli [--output resources/demo] [--steps N]

1. writes the texts of a little world (demo_text.py), 2. trains a SentencePiece tokenizer on them (`spm_train`, Debian
package sentencepiece), 3. writes random starting weights, 4. trains them with `preflab-cli train --method sft`, 5. stores
the result in BF16 beside the preference pairs and demo.json. Everything is seeded; about 20 minutes on two cores.
Needs only Python's standard library.
"""
import argparse
import array
import json
import math
import random
import shutil
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

import demo_text

SEED = 20
CONFIG = {
    "architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 768, "hidden_size": 192,
    "intermediate_size": 512, "num_hidden_layers": 4, "num_attention_heads": 6, "num_key_value_heads": 3,
    "max_position_embeddings": 256, "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "rope_scaling": None,
    "hidden_act": "silu", "tie_word_embeddings": True, "attention_bias": False, "mlp_bias": False,
    "bos_token_id": 1, "eos_token_id": 2, "torch_dtype": "float32",
}
HELD_OUT = 96
PAIRS = 400
BUDGET = {"max_steps": 100, "per_device_train_batch_size": 8, "max_length": 128, "eval_steps": 20,
          "lr_scheduler_type": "cosine", "warmup_steps": 5, "seed": 42}
DEMO = {
    "model": "model", "data": "pairs.jsonl", "evalData": "pairs-heldout.jsonl",
    "samplePrompts": [],  # filled from the held-out pairs, one of each of SAMPLE_TOPICS
    "runs": [
        {"method": "dpo", "params": {"beta": 0.1, "learning_rate": 5e-5, **BUDGET}},
        {"method": "orpo", "params": {"lambda": 0.5, "learning_rate": 3e-4, **BUDGET}},
    ],
}
SAMPLE_TOPICS = ["opening", "place", "capital", "food"]


def write_jsonl(path, rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def train_tokenizer(texts, folder):
    """A BPE model with Llama's special ids: 0 <unk>, 1 <s>, 2 </s>."""
    corpus = folder / "corpus.txt"
    corpus.write_text("\n".join(line for text in texts for line in text.split("\n")) + "\n", encoding="utf-8")
    # Run inside the folder: the model file keeps the names that it was called with.
    subprocess.run(["spm_train", f"--input={corpus.name}", "--model_prefix=tokenizer", "--model_type=bpe",
                    f"--vocab_size={CONFIG['vocab_size']}", "--character_coverage=1.0", "--byte_fallback=true",
                    "--normalization_rule_name=identity", "--remove_extra_whitespaces=false", "--num_threads=1",
                    "--split_digits=true", "--minloglevel=1"], check=True, cwd=folder)
    corpus.unlink()
    (folder / "tokenizer.vocab").unlink()


def weight_shapes():
    """Hugging Face's names and shapes; None marks a norm, which starts at one."""
    hidden, inner = CONFIG["hidden_size"], CONFIG["intermediate_size"]
    narrow = hidden // CONFIG["num_attention_heads"] * CONFIG["num_key_value_heads"]
    yield "model.embed_tokens.weight", (CONFIG["vocab_size"], hidden)
    for layer in range(CONFIG["num_hidden_layers"]):
        prefix = f"model.layers.{layer}."
        yield prefix + "input_layernorm.weight", (hidden,)
        for name, shape in (("q_proj", (hidden, hidden)), ("k_proj", (narrow, hidden)), ("v_proj", (narrow, hidden)),
                            ("o_proj", (hidden, hidden))):
            yield prefix + f"self_attn.{name}.weight", shape
        yield prefix + "post_attention_layernorm.weight", (hidden,)
        for name, shape in (("gate_proj", (inner, hidden)), ("up_proj", (inner, hidden)), ("down_proj", (hidden, inner))):
            yield prefix + f"mlp.{name}.weight", shape
    yield "model.norm.weight", (hidden,)


def write_start(folder):
    """Random weights, normal with deviation 0.02 as GPT-2 and Llama start; output projections scaled by depth."""
    generator = random.Random(SEED)
    header, blobs, offset = {}, [], 0
    for name, shape in sorted(weight_shapes()):
        count = math.prod(shape)
        deviation = 0.02 / math.sqrt(2 * CONFIG["num_hidden_layers"]) if "o_proj" in name or "down" in name else 0.02
        values = [1.0] * count if len(shape) == 1 else [generator.gauss(0.0, deviation) for _ in range(count)]
        blob = array.array("f", values).tobytes()
        header[name] = {"dtype": "F32", "shape": list(shape), "data_offsets": [offset, offset + len(blob)]}
        offset += len(blob)
        blobs.append(blob)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + b"".join(blobs))
    (folder / "config.json").write_text(json.dumps(CONFIG, indent=2) + "\n", encoding="utf-8")


def to_bf16(source, target):
    """Rewrites an F32 safetensors file in BF16, rounding to nearest even."""
    data = source.read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + size])
    header.pop("__metadata__", None)
    blobs, offset = {}, 0
    for name, entry in sorted(header.items()):
        if entry["dtype"] != "F32":
            raise SystemExit(f"{source}: {name} is {entry['dtype']}, expected F32.")
        begin, end = entry["data_offsets"]
        bits = array.array("I", data[8 + size + begin:8 + size + end])
        halves = array.array("H", ((value + 0x7FFF + ((value >> 16) & 1)) >> 16 for value in bits)).tobytes()
        blobs[name] = {"dtype": "BF16", "shape": entry["shape"], "data_offsets": [offset, offset + len(halves)]}, halves
        offset += len(halves)
    text = json.dumps({name: entry for name, (entry, _) in blobs.items()}, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    target.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(half for _, half in blobs.values()))


def sample_prompts(questions):
    """One held-out question of each topic, in the order of SAMPLE_TOPICS."""
    return [next(question.prompt for question in questions if question.topic == topic) for topic in SAMPLE_TOPICS]


def train(cli, start, texts, steps, workspace):
    """SFT on the texts with PrefLab itself; returns the folder of the trained model."""
    project = workspace / "project"
    subprocess.run([cli, "train", "--method", "sft", "--model", start, "--data", texts, "--project", project,
                    "--learning-rate", "2e-3", "--lr-scheduler-type", "cosine", "--warmup-steps", "50",
                    "--batch-size", "32", "--max-steps", str(steps), "--max-length", "128",
                    "--seed", str(SEED)], check=True)
    return next(project.glob("runs/*/model"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cli", required=True, type=Path, help="preflab-cli of a release build")
    parser.add_argument("--output", type=Path, default=Path(__file__).resolve().parents[2] / "resources" / "demo")
    parser.add_argument("--steps", type=int, default=1500)
    options = parser.parse_args()
    if not shutil.which("spm_train"):
        sys.exit("spm_train is missing: install Debian's package sentencepiece and run this again.")

    questions = demo_text.all_questions(SEED)
    shuffled = list(questions)
    random.Random(SEED).shuffle(shuffled)
    held_out, preferred = shuffled[:HELD_OUT], shuffled[HELD_OUT:HELD_OUT + PAIRS]
    options.output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="preflab-demo-") as name:
        workspace = Path(name)
        start = workspace / "start"
        start.mkdir()
        texts = demo_text.training_texts(questions, SEED + 1, repeats=20, courteous_share=0.3)
        write_jsonl(workspace / "texts.jsonl", [{"text": text} for text in texts])
        train_tokenizer(texts, start)
        write_start(start)
        result = train(options.cli, start, workspace / "texts.jsonl", options.steps, workspace)
        model = options.output / "model"
        model.mkdir(exist_ok=True)
        to_bf16(result / "model.safetensors", model / "model.safetensors")
        (model / "config.json").write_text(json.dumps({**CONFIG, "torch_dtype": "bfloat16"}, indent=2) + "\n")
        shutil.copy(start / "tokenizer.model", model / "tokenizer.model")
    write_jsonl(options.output / "pairs.jsonl", demo_text.preference_pairs(preferred, SEED + 2))
    write_jsonl(options.output / "pairs-heldout.jsonl", demo_text.preference_pairs(held_out, SEED + 3))
    DEMO["samplePrompts"] = sample_prompts(held_out)
    (options.output / "demo.json").write_text(json.dumps(DEMO, indent=2) + "\n", encoding="utf-8")
    print(f"Demo written to {options.output}.")


if __name__ == "__main__":
    main()
