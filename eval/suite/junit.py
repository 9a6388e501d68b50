"""A run as JUnit XML: a suite a task, a case a sample; failures, errors and unscored (skipped, with why) apart."""

from __future__ import annotations

from junitparser import Error, Failure, Skipped, TestCase, TestSuite

from coach.reports.printable import printable
from eval.suite.result import Run, Sample

__all__ = ["junit_xml"]


def junit_xml(run: Run) -> str:
    """The document, with the declaration; valid by the schema in tests/schemas."""
    suites = []
    for totals in run.totals:
        suite = TestSuite(totals.task)
        suite.timestamp = run.started[:19]
        for sample in run.samples:
            if sample.task == totals.task:
                suite.add_testcase(_case(sample))
        suite.update_statistics()
        suites.append(suite.tostring().decode("utf-8"))
    return "\n".join(
        ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites name="三声评测">', *suites, "</testsuites>", ""]
    )


def _case(sample: Sample) -> TestCase:
    name = sample.case if sample.repeat == 1 else f"{sample.case} ({sample.repeat})"
    case = TestCase(name, f"eval.{sample.task}", sample.seconds)
    if sample.status == "error":
        case.result = [Error(printable(sample.error), "error")]
    elif sample.status == "unscored":
        case.result = [Skipped("没能评分：评判的结论读不出")]
    elif sample.status == "failed":
        lines = [f"{c.text}：{c.evidence}" for c in sample.criteria if c.state == "unmet"]
        failure = Failure(printable(lines[0] if lines else "没有达到"), "rubric")
        failure.text = printable("\n".join([*lines, "", sample.asked, "", str(sample.answer.get("said", ""))]))
        case.result = [failure]
    return case
