"""The W3C Entity Reconciliation Community Group's API: version 0.2, and the draft of 1.0 at an address of its own.

https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
https://reconciliation-api.github.io/specs/draft/
"""
