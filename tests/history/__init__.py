"""A naive model of the product's history, and what runs random programs on both and compares them."""

import pytest

pytest.register_assert_rewrite("tests.history.comparing", "tests.history.copying", "tests.history.running")
