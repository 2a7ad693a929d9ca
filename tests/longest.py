"""The files of tests that take longest, begun first, so that two workers end at about the same time."""

LONGEST = [
    "browser/test_workbench.py",
    "large/test_million_states.py",
    "literature/test_strategic_choice.py",
    "oracle/test_observed_types.py",
    "oracle/test_reference.py",
    "packaging/test_packaging.py",
    "oracle/test_histories.py",
    "unit/solve/test_private_types.py",
    "unit/history/estimate/test_fit.py",
    "unit/analysis/test_private.py",
    "oracle/test_types.py",
    "unit/solve/test_runs.py",
    "unit/solve/test_observed_types.py",
    "docs/test_cuba.py",
    "docs/test_using.py",
    "unit/analysis/test_update_types.py",
    "unit/history/estimate/test_files.py",
    "unit/solve/test_simultaneous.py",
]
