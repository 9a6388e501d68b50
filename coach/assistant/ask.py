"""Answers a question from the handbook, without a model: nothing is said that a cited clause doesn't say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coach.assistant.answer import Answer, Disagreement, Point
from coach.critique import RulePack
from coach.critique.schema import LineExampleData
from coach.knowledge import Citation, Clause, Knowledge, Phrase, Standard
from coach.knowledge.conflicts import Conflict
from coach.retrieval import Retrieved, Retriever

__all__ = ["Asker"]

_MOST_POINTS = 4
_SHARE_OF_BEST = 0.15
_SHARE_FOR_CONFLICT = 0.4
_SHARE_OF_WORDS = 0.3
_MOST_PHRASES = 3
_MOST_AVOIDED = 3
_MOST_CONFLICTS = 2
_NEAREST = 3
_SEARCHED = 6


@dataclass(frozen=True)
class Asker:
    """Answers questions.

    Attributes:
        retriever: Finds the clauses.
        knowledge: Clauses, phrases, situations.
        conflicts: Where the documents disagree.
        rules: What not to say, by clause.
        standard: Which side is taken.
    """

    retriever: Retriever
    knowledge: Knowledge
    conflicts: tuple[Conflict, ...]
    rules: RulePack
    standard: Standard

    def ask(self, question: str) -> Answer:
        """The answer to `question`."""
        found = self.retriever.search(question, _SEARCHED)
        if not found.answered:
            return _insufficient(question, found.results)
        near = [r for r in found.results[:2] if r.score >= found.results[0].score * _SHARE_FOR_CONFLICT]
        disagreements = self._disagreements(question, near, [r.clause.id for r in found.results])
        clauses = self._clauses(found.results, disagreements)
        points = tuple(Point(clause.text, (Citation.of(clause),)) for clause in clauses)
        return Answer(
            question=question,
            status="answered",
            text=_sentences(points, disagreements),
            points=points,
            phrases=self._phrases(clauses),
            avoid=self._avoid(clauses[:2]),
            conflicts=disagreements,
        )

    def _clauses(self, results: Sequence[Retrieved], disagreements: Sequence[Disagreement]) -> tuple[Clause, ...]:
        """The clauses to state: the best first, those near it, one for each side of a disagreement; sides not taken come last.

        The best stands first even where the standard takes another side: it is what was asked about.
        """
        best = results[0].score
        chosen = [r.clause for r in results[:_MOST_POINTS] if r.score >= best * _SHARE_OF_BEST]
        sides = [self.knowledge.clauses[side.clauses[0]] for d in disagreements[:1] for side in d.conflict.sides]
        all_ = {clause.id: clause for clause in (*chosen, *sides)}
        against = {
            clause
            for d in disagreements[:1]
            for side in d.conflict.sides
            if side.id != d.chosen.id
            for clause in side.clauses
            if clause not in d.chosen.clauses
        }
        first = results[0].clause
        takes_first = any(first.id in side.clauses for d in disagreements[:1] for side in d.conflict.sides)
        if takes_first and disagreements[0].chosen.clauses[0] in {r.clause.id for r in results[:_MOST_POINTS]}:
            return tuple(sorted(all_.values(), key=lambda clause: clause.id in against))
        return tuple(sorted(all_.values(), key=lambda clause: clause.id != first.id and clause.id in against))

    def _disagreements(
        self, question: str, results: Sequence[Retrieved], found_too: Sequence[str]
    ) -> tuple[Disagreement, ...]:
        """Conflicts that bear on `question`: one of `results` states a side, that of the best first.

        A conflict of which only one side was `found_too`, and whose words aren't the question's, isn't what was asked about.
        """
        found: dict[str, Disagreement] = {}
        for result in results:
            for conflict in self.conflicts:
                if not any(result.clause.id in side.clauses for side in conflict.sides):
                    continue
                sides = sum(any(clause in side.clauses for clause in found_too) for side in conflict.sides)
                if sides > 1 or self.retriever.overlap(question, conflict.question) >= _SHARE_OF_WORDS:
                    side, why = conflict.chosen(self.standard.name)
                    found.setdefault(conflict.id, Disagreement(conflict, self.standard.title, side, why))
        return tuple(found.values())[:_MOST_CONFLICTS]

    def _phrases(self, clauses: Sequence[Clause]) -> tuple[Phrase, ...]:
        """Phrases that put the first clauses into practice, one a wording, the best-fitting situation first."""
        weights = {clause.id: 1 / (1 + i) for i, clause in enumerate(clauses[:3])}
        fit = {
            p.id: sum(weights.get(c, 0.0) for c in p.clauses) / len(p.clauses) ** 0.5
            for p in self.knowledge.phrases.values()
        }
        ranked = sorted((p for p in self.knowledge.phrases.values() if fit[p.id] > 0), key=lambda p: -fit[p.id])
        return tuple(ranked[:_MOST_PHRASES])

    def _avoid(self, clauses: Sequence[Clause]) -> tuple[str, ...]:
        """Bad examples of the rules that rest on `clauses`."""
        said: list[str] = []
        for clause in clauses:
            for rule in self.rules.rules.values():
                if clause.id == rule.data.clauses[0]:
                    example = next((e for e in rule.data.examples.bad if isinstance(e, LineExampleData)), None)
                    if example is not None:
                        said.append(f"“{example.text}”（{rule.data.name}）")
        return tuple(dict.fromkeys(said))[:_MOST_AVOIDED]


def _insufficient(question: str, results: Sequence[Retrieved]) -> Answer:
    nearest = tuple(Citation.of(r.clause) for r in results[:_NEAREST])
    text = "手册里没有说到这个问题，我不乱答。"
    if nearest:
        text += f"最接近的内容有：{'；'.join(f'{c.title}（{c.clause}）' for c in nearest)}。"
    return Answer(question, "insufficient", text, nearest=nearest)


def _sentences(points: Sequence[Point], disagreements: Sequence[Disagreement]) -> str:
    """The answer in sentences: each point as its clause says it, then where the documents disagree."""
    parts = [f"{point.text}（{point.citations[0].clause}）" for point in points]
    for d in disagreements:
        sides = "；".join(f"{side.title}（{'、'.join(side.clauses)}）" for side in d.conflict.sides)
        parts.append(
            f"关于“{d.conflict.question}”，各份资料说法不一：{sides}。{d.standard}取“{d.chosen.title}”：{d.why}"
        )
    return "\n".join(parts)
