"""Measures the coach against labelled cases. Nothing in `coach` imports it."""
