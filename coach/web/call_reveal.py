"""Moves the page to the part of the tab that is seen now, and the keyboard with it."""

from __future__ import annotations

__all__ = ["REVEAL"]

REVEAL = """() => requestAnimationFrame(() => setTimeout(() => {
  if (document.querySelector('#ss-mock .ss-message')) return;
  const places = ['#ss-mock-result', '#ss-mock-line textarea', '#ss-mock-pick-up', '#ss-mock-start'];
  const place = places.map((one) => document.querySelector(one)).find((one) => one && one.offsetParent);
  if (!place) return;
  if (place.id === 'ss-mock-result') place.scrollIntoView({block: 'start'});
  place.focus({preventScroll: place.id === 'ss-mock-result'});
}, 80))"""
"""What runs in the browser after a step."""
