"""Figures of bench.web: percentiles, aims, the table; and the words of a large organization."""

from __future__ import annotations

from bench.web import seeding
from bench.web.figures import Figure, single, table, times
from bench.web.visits import Measured


def test_times_have_a_median_and_a_95th_percentile_that_was_measured() -> None:
    figure = times("usable", [float(n) for n in range(1, 101)], aim=95)
    assert (figure.p50, figure.p95, figure.rounds, figure.held) == (50, 95, 100, True)
    few = times("usable", [900.0, 1001.0, 800.0], aim=1000)
    assert (few.p50, few.p95, few.held) == (900, 1001, False)


def test_a_figure_without_an_aim_is_neither_held_nor_missed() -> None:
    assert "held" not in single("chat, styles", 10.2, "KB").as_json()
    assert single("chat", 121, "KB", 120).as_json()["held"] is False


def test_the_table_says_which_aims_were_missed() -> None:
    lines = table({"widget": [times("usable", [1.0], 1000), Figure("layout shift", 0.1, 0.2, "shift", 0)]}).splitlines()
    assert [word for line in lines for word in line.split() if word in ("held", "MISSED")] == ["held", "MISSED"]
    assert "0.200" in lines[-1]


def test_visits_are_figures_by_what_their_names_end_with_and_requests_elsewhere_count() -> None:
    measured = Measured()
    measured.add("warm cache", usable=1200.0, layout_shift=0.0)
    measured.elsewhere.append("https://elsewhere.example/")
    usable, shift, elsewhere = measured.figures({"warm cache: usable": 1000, "layout shift": 0})
    assert (usable.held, shift.held, shift.unit, elsewhere.held) == (False, True, "shift", False)


def test_copies_have_ids_and_words_of_their_own() -> None:
    id = "01m8psf5qa0eyn18bcqn57r29k"
    assert seeding.numbered(id, 255) == "01m8psf5qa0eyn18bcqn0000ff"
    assert len({seeding.question(n) for n in range(1_000)}) > 500
    row = seeding.copied({"_id": f"demo/{id}", "conversation": id, "seq": 3}, 255)
    assert row == {"_id": "demo/01m8psf5qa0eyn18bcqn0000ff", "conversation": "01m8psf5qa0eyn18bcqn0000ff", "seq": 3}
