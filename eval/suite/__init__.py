"""The eval suite: cases and fixed rubrics in, results with evidence out, and a gate that CI trusts. Tasks run on Inspect AI."""
