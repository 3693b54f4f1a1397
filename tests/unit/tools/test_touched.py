"""Which tests `make check` runs for a change."""

import pytest

from tools.touched import touched


@pytest.mark.parametrize(
    ("changed", "tests"),
    [
        ("services/admin/app/roles.py", {"tests/services/admin", "tests/rpc/admin", "tests/contract/admin"}),
        ("kit/shares.py", {"tests/contract/kit/test_shares.py"}),
        ("gateway/render.py", {"tests/gateway"}),
        ("tests/rpc/core/conftest.py", {"tests/rpc/core"}),
        ("tests/contract/kit/test_shares.py", {"tests/contract/kit/test_shares.py"}),
        ("docs/limits.md", {"tests/architecture/test_documents.py", "tests/architecture/test_prose.py"}),
    ],
)
def test_a_change_leads_to_the_tests_of_its_part(changed: str, tests: set[str]) -> None:
    found = touched([changed])
    assert tests <= found
    assert not any(path.startswith(("tests/unit", "tests/e2e", "tests/fault")) for path in found)


@pytest.mark.parametrize(
    "changed", ["tests/unit/kit/test_ids.py", "tests/e2e/test_stories.py", "bench/report.py", "gone/by.py"]
)
def test_what_runs_anyway_or_only_in_the_whole_is_left_out(changed: str) -> None:
    assert touched([changed]) == set()


def test_a_file_of_a_folder_that_runs_is_not_named_again() -> None:
    assert touched(["tests/rpc/core/conftest.py", "tests/rpc/core/test_content.py"]) == {"tests/rpc/core"}
