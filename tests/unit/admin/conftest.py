import pytest

from tests.unit.admin.desk import Desk, new_desk


@pytest.fixture
def desk() -> Desk:
    return new_desk()
