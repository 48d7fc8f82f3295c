"""What the two benchmarks consist of: attributes, scores, models and judges, as the release names them."""

from dataclasses import dataclass
from typing import Literal

ScoreName = Literal["CSS", "ARS"]


@dataclass(frozen=True)
class Attribute:
    """One of the seven rated attributes and the score it belongs to."""

    name: str
    score: ScoreName


@dataclass(frozen=True)
class Model:
    """One author of replies: nine language models and the original reply.

    ``suffix`` ends the columns of a ratings file (``judge_response_<suffix>``); ``replies`` names the column that holds
    this author's replies in MentalBench-100k.
    """

    key: str
    label: str
    maker: str
    access: Literal["closed", "open", "human"]
    suffix: str
    replies: str


@dataclass(frozen=True)
class Judge:
    """One LLM judge; ``own`` is the model of its own line that it also rates, ``stem`` marks its file's name."""

    key: str
    label: str
    maker: str
    own: str
    stem: str


ATTRIBUTES = (
    Attribute("Guidance", "CSS"),
    Attribute("Informativeness", "CSS"),
    Attribute("Relevance", "CSS"),
    Attribute("Safety", "CSS"),
    Attribute("Empathy", "ARS"),
    Attribute("Helpfulness", "ARS"),
    Attribute("Understanding", "ARS"),
)

MODELS = (
    Model("claude-3.5-haiku", "Claude-3.5-Haiku", "Anthropic", "closed", "claude", "Claude-3.5-Haiku"),
    Model("deepseek-llama-8b", "DeepSeek-LLaMA-8B", "DeepSeek", "open", "ds_llama", "deepseek-llama"),
    Model("deepseek-qwen-7b", "DeepSeek-Qwen-7B", "DeepSeek", "open", "ds_qwen", "deepseek-qwen"),
    Model("gemini-2.0-flash", "Gemini-2.0-Flash", "Google", "closed", "gemini", "Gemini"),
    Model("gpt-4o", "GPT-4o", "OpenAI", "closed", "gpt4o", "gpt-4o"),
    Model("gpt-4o-mini", "GPT-4o-Mini", "OpenAI", "closed", "gpt4omini", "gpt-4omini"),
    Model("llama-3.1-8b", "LLaMA-3.1-8B", "Meta", "open", "llama_3", "Llama-3.1"),
    Model("qwen-2.5-7b", "Qwen-2.5-7B", "Alibaba", "open", "qwen_2", "Qwen-2.5"),
    Model("qwen-3-4b", "Qwen-3-4B", "Alibaba", "open", "qwen_3", "Qwen-3"),
    Model("original", "Original reply", "the source dataset", "human", "original", "response"),
)

JUDGES = (
    Judge("claude-3.7-sonnet", "Claude-3.7-Sonnet", "Anthropic", "claude-3.5-haiku", r"claude"),
    Judge("gpt-4o", "GPT-4o", "OpenAI", "gpt-4o", r"gpt4o(?!mini)"),
    Judge("gemini-2.5-flash", "Gemini-2.5-Flash", "Google", "gemini-2.0-flash", r"gemini"),
    Judge("o4-mini", "o4-mini", "OpenAI", "gpt-4o-mini", r"o4mini"),
)

HUMAN = "human"
ORIGINAL = "original"

ATTRIBUTE_NAMES = tuple(attribute.name for attribute in ATTRIBUTES)
MODEL_KEYS = tuple(model.key for model in MODELS)
JUDGE_KEYS = tuple(judge.key for judge in JUDGES)
RATER_KEYS = (HUMAN, *JUDGE_KEYS)

JUDGE = {judge.key: judge for judge in JUDGES}
MODEL = {model.key: model for model in MODELS}
SCORE = {attribute.name: attribute.score for attribute in ATTRIBUTES}

REPOSITORY = "abadawi/MentalBench-Align"
PAPER = "arXiv 2510.19032"
