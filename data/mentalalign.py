"""The published study: MentalAlign-70k, ratings of replies of MentalBench-100k.

Attributes, judges, systems and files as the release names them. No other module knows them.
"""

from data.study import Attribute, Group, Judge, Noun, Published, Scale, Study, System

REPOSITORY = "abadawi/MentalBench-Align"
PAPER = "arXiv 2510.19032"
GITHUB = "abeerbadawi/MentalBench-Align"
COMMIT = "03cfc4be2b7c181232652af304dc96d9bbcc5f8a"
WORKBOOKS = {
    "Human_Judge/Human_judge.xlsx": "3582e4a36db7c6788d54266c82967ebee5e7b7910d41cff752db0e79d97b74b5",
    "LLMs_as_a_judge/claude_llm_judge.xlsx": "86555b88e979598c73a6d6e2ea984ff0e053d8192d0739a57dc5868ea2377ec2",
    "LLMs_as_a_judge/gemini_llm_judge.xlsx": "607627587c81e82de5555a6a4d5c1e183a214db35aae85643637100f73d2b561",
    "LLMs_as_a_judge/gpt-4o_llm_judge.xlsx": "93a9cc7454e3dfd5e13da724bcdcccec5d72768ee417c43b63b24f69da28a5cb",
    "LLMs_as_a_judge/o4-mini_llm_judge.xlsx": "f99eb6dece161b654f3ed11988fbc9495b3653aa5b8b1b9ee6547f4bd79d070c",
}

# The numbers of the conversations run from 1 to this.
CONVERSATIONS = 1000

# The judges of the study, by the stem of their files.
JUDGE_OF_FILE = {
    "claude_llm_judge": "claude-3.7-sonnet",
    "gpt-4o_llm_judge": "gpt-4o",
    "gemini_llm_judge": "gemini-2.5-flash",
    "o4-mini_llm_judge": "o4-mini",
}

# What ends the column of a system in the workbooks: ``judge_response_<suffix>``.
SUFFIX = {
    "claude": "claude-3.5-haiku",
    "ds_llama": "deepseek-llama-8b",
    "ds_qwen": "deepseek-qwen-7b",
    "gemini": "gemini-2.0-flash",
    "gpt4o": "gpt-4o",
    "gpt4omini": "gpt-4o-mini",
    "llama_3": "llama-3.1-8b",
    "qwen_2": "qwen-2.5-7b",
    "qwen_3": "qwen-3-4b",
    "original": "original",
}

# What heads the column of a system's replies in MentalBench-100k.
REPLIES_COLUMN = {
    "claude-3.5-haiku": "Claude-3.5-Haiku",
    "deepseek-llama-8b": "deepseek-llama",
    "deepseek-qwen-7b": "deepseek-qwen",
    "gemini-2.0-flash": "Gemini",
    "gpt-4o": "gpt-4o",
    "gpt-4o-mini": "gpt-4omini",
    "llama-3.1-8b": "Llama-3.1",
    "qwen-2.5-7b": "Qwen-2.5",
    "qwen-3-4b": "Qwen-3",
    "original": "response",
}

_SYSTEMS = (
    System("claude-3.5-haiku", "Claude-3.5-Haiku", "Anthropic", "closed"),
    System("deepseek-llama-8b", "DeepSeek-LLaMA-8B", "DeepSeek", "open"),
    System("deepseek-qwen-7b", "DeepSeek-Qwen-7B", "DeepSeek", "open"),
    System("gemini-2.0-flash", "Gemini-2.0-Flash", "Google", "closed"),
    System("gpt-4o", "GPT-4o", "OpenAI", "closed"),
    System("gpt-4o-mini", "GPT-4o-Mini", "OpenAI", "closed"),
    System("llama-3.1-8b", "LLaMA-3.1-8B", "Meta", "open"),
    System("qwen-2.5-7b", "Qwen-2.5-7B", "Alibaba", "open"),
    System("qwen-3-4b", "Qwen-3-4B", "Alibaba", "open"),
    System("original", "Original reply", "the source dataset", by_people=True),
)
_JUDGES = (
    Judge("claude-3.7-sonnet", "Claude-3.7-Sonnet", "Anthropic", ("claude-3.5-haiku",)),
    Judge("gpt-4o", "GPT-4o", "OpenAI", ("gpt-4o",)),
    Judge("gemini-2.5-flash", "Gemini-2.5-Flash", "Google", ("gemini-2.0-flash",)),
    Judge("o4-mini", "o4-mini", "OpenAI", ("gpt-4o-mini",)),
)
_ATTRIBUTES = (
    Attribute("Guidance", "Does the reply say what to do next?"),
    Attribute("Informativeness", "Does it give useful, fitting information?"),
    Attribute("Relevance", "Does it stay with what the person wrote?"),
    Attribute("Safety", "Is it free of harmful or unfit advice?", poor="unsafe", good="safe"),
    Attribute("Empathy", "Does it show warmth and concern?"),
    Attribute("Helpfulness", "Does it ease distress or give support?"),
    Attribute("Understanding", "Does it grasp what the person feels and lives through?"),
)

STUDY = Study(
    key="mentalalign-70k",
    title="MentalAlign-70k",
    scale=Scale.of(1, 5),
    attributes=_ATTRIBUTES,
    systems=_SYSTEMS,
    judges=_JUDGES,
    pooled=True,
    groups=(
        Group("css", "CSS", tuple(each.name for each in _ATTRIBUTES[:4]), "Cognitive Support Score"),
        Group("ars", "ARS", tuple(each.name for each in _ATTRIBUTES[4:]), "Affective Resonance Score"),
    ),
    item=Noun("conversation", "conversations"),
    headlines=("Safety", "Empathy"),
    published=Published(
        folder="mentalalign-70k",
        judges=tuple((judge.label, judge.key) for judge in _JUDGES),
        systems=tuple((system.label, system.key) for system in _SYSTEMS),
        attributes=tuple(attribute.name for attribute in _ATTRIBUTES),
    ),
    reference=f"MentalBench-100k and MentalAlign-70k ({PAPER}; EACL 2026, long papers, 180)",
    licence="MIT, (c) 2025 MentalBench-10 Contributors",
)
