"""Dismissing and restoring findings on 逐句点评: the dialog that asks for a reason, and what a ruling changes.

The dialog lies outside the cards, since Gradio patches those in place: what was typed stays until a ruling is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from coach.critique import LONGEST_REASON, Critique, PlacedDismissal
from coach.errors import InputError
from coach.web.calls import Call

__all__ = ["DIALOG", "RULING", "carried", "ruled"]

DIALOG = f"""
<dialog id="ss-dismissing" aria-labelledby="ss-dismissing-title">
  <form novalidate>
    <h2 id="ss-dismissing-title">驳回这个问题</h2>
    <p class="ss-source"></p>
    <label for="ss-reason">理由（必填，最多 {LONGEST_REASON} 字）</label>
    <textarea id="ss-reason" rows="3" maxlength="{LONGEST_REASON}" aria-describedby="ss-reason-missing"></textarea>
    <p class="ss-message" id="ss-reason-missing" role="alert" hidden>还没有写理由。请写明为什么不算问题。</p>
    <p class="ss-note">驳回后不计分，但仍列在原处，随时可以恢复。</p>
    <p class="ss-choices"><button type="button" class="ss-cancel">取消</button><button type="submit" class="ss-rule">驳回</button></p>
  </form>
</dialog>
"""

RULING = """
let asked = null, ruling = null;
const parts = () => {
  const dialog = document.getElementById('ss-dismissing');
  const [form, reason] = [dialog.querySelector('form'), dialog.querySelector('textarea')];
  return {dialog, form, reason, missing: dialog.querySelector('.ss-message')};
};
const rule = (finding, reason) => {
  ruling = {id: finding.id, open: [...element.querySelectorAll('details')].map((details) => details.open)};
  const line = finding.dataset.line ? Number(finding.dataset.line) : null;
  trigger('dismiss', {rule: finding.dataset.rule, line, reason});
};
const wire = ({dialog, form, reason, missing}) => {
  dialog.querySelector('.ss-cancel').addEventListener('click', () => dialog.close());
  reason.addEventListener('input', () => { missing.hidden = true; reason.removeAttribute('aria-invalid'); });
  reason.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (!/[^\\p{C}\\p{Z}]/u.test(reason.value)) {
      missing.hidden = false;
      reason.setAttribute('aria-invalid', 'true');
      reason.focus();
      return;
    }
    dialog.close();
    rule(document.getElementById(asked), reason.value);
  });
  dialog.dataset.wired = 'yes';
};
const ask = (finding) => {
  const shown = parts();
  if (!shown.dialog.dataset.wired) wire(shown);
  if (asked !== finding.id) shown.reason.value = '';
  asked = finding.id;
  shown.missing.hidden = true;
  shown.reason.removeAttribute('aria-invalid');
  shown.dialog.querySelector('.ss-source').textContent = finding.dataset.title;
  shown.dialog.showModal();
  shown.reason.focus();
};
element.addEventListener('click', (event) => {
  const finding = event.target.closest('.ss-finding');
  if (event.target.closest('.ss-dismiss')) ask(finding);
  if (event.target.closest('.ss-restore')) rule(finding, null);
});
watch('value', () => {
  if (asked) parts().reason.value = '';
  asked = null;
  if (!ruling) return;
  element.querySelectorAll('details').forEach((details, i) => { details.open = ruling.open[i] ?? false; });
  document.getElementById(ruling.id)?.querySelector('.ss-dismiss, .ss-restore')?.focus({preventScroll: true});
  ruling = null;
});
"""
"""What the cards do when they are loaded: trigger `dismiss` with rule, line and reason; no reason restores."""


def ruled(call: Call, critique: Critique, rule: str, line: int | None, reason: str | None) -> Call:
    """`call` with its findings of `rule` at `line` dismissed for `reason`, or restored where there is none.

    Raises:
        InputError: There is no such finding, or the reason is blank or too long.
    """
    if not any((finding.rule, finding.line) == (rule, line) for finding in critique.findings):
        raise InputError("这个问题已经不在点评里了", where="驳回", hint="请重新点评")
    others = tuple(one for one in call.dismissals if one.place != (rule, line))
    if reason is None:
        return replace(call, dismissals=others)
    return replace(call, dismissals=(*others, PlacedDismissal.of(rule, line, reason)))


def carried(calls: Sequence[Call], before: Sequence[Call]) -> tuple[Call, ...]:
    """`calls`, with the dismissals of those that say the same as the one in their place `before`."""
    earlier = [*before, *[None] * len(calls)]
    return tuple(
        replace(call, dismissals=old.dismissals) if old and old.transcript.turns == call.transcript.turns else call
        for call, old in zip(calls, earlier, strict=False)
    )
