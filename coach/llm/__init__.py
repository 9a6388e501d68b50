"""Language models: presets, chat factory, prompts, budgets, guards. The only package that imports openai or LangChain's models."""

from coach.llm.endpoint import Endpoint, chat_endpoints, embedding_endpoint
from coach.llm.model import Completion, Model, Notify
from coach.llm.prompts import Messages, Prompt, load_prompt

__all__ = [
    "Completion",
    "Endpoint",
    "Messages",
    "Model",
    "Notify",
    "Prompt",
    "chat_endpoints",
    "embedding_endpoint",
    "load_prompt",
]
