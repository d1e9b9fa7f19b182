"""Pictures of counts: bars to scale, words that fit, nothing told of a number too small to show."""

from __future__ import annotations

import itertools
import re

import pytest
from jinja2 import Environment

from wherry.web.components.charts import WIDTH, Bar, Chart, bar_chart, column_chart

STEPS = [Bar("Agreed", 800, "800"), Bar("Contacted", 400, "400"), Bar("Helped", 0, "0")]


def _drawn(pages: Environment, chart: Chart) -> str:
    page = pages.from_string(
        '{% import "wherry/charts.jinja" as charts with context %}'
        "{% call charts.with_table(chart) %}<table></table>{% endcall %}"
    )
    return page.render(language="en", chart=chart)


def test_bars_are_to_scale_and_none_is_longer_than_its_room() -> None:
    agreed, contacted, helped = bar_chart(name="f", title="Funnel", bars=STEPS).drawn

    assert agreed.width == 2 * contacted.width
    assert helped.width == 0
    assert agreed.said_at[0] + 8 * len("800") < WIDTH


def test_a_share_is_drawn_of_the_whole_and_not_of_the_longest() -> None:
    [half] = bar_chart(name="f", title="Shares", bars=[Bar("One", 0.5, "50 %")], whole=1).drawn
    [alone] = bar_chart(name="f", title="Shares", bars=[Bar("One", 0.5, "50 %")]).drawn

    assert alone.width == pytest.approx(2 * half.width, abs=0.2)


def test_a_number_too_small_to_show_draws_no_bar_but_keeps_its_words() -> None:
    chart = bar_chart(name="f", title="By place", bars=[Bar("Norwich", None, "under 5"), Bar("Waveney", 9, "9")])

    assert chart.drawn[0].width == 0
    assert chart.description == "Norwich: under 5; Waveney: 9"


def test_one_of_many_is_not_drawn_as_nothing() -> None:
    assert bar_chart(name="f", title="T", bars=[Bar("a", 1, "1"), Bar("b", 99_999, "99,999")]).drawn[0].width == 1


@pytest.mark.parametrize("days", [1, 7, 14, 31, 90])
def test_the_labels_of_columns_never_touch(days: int) -> None:
    chart = column_chart(name="c", title="By day", bars=[Bar(f"{day} Nov", 1234, "1,234") for day in range(days)])

    named = [one.label_at[0] for one in chart.drawn if one.label]
    counted = [one.said_at[0] for one in chart.drawn if one.bar.said]

    assert all(later - sooner >= 8 * len("31 Nov") for sooner, later in itertools.pairwise(named))
    assert all(later - sooner >= 8 * len("1,234") for sooner, later in itertools.pairwise(counted))


def test_a_name_too_long_for_the_picture_is_cut_there_and_whole_in_the_description() -> None:
    name = "Featherstonehaugh and Wolfeschlegelsteinhausen Medical Partnership"
    chart = bar_chart(name="c", title="By practice", bars=[Bar(name, 1, "1")])

    assert len(chart.drawn[0].label) <= 44
    assert name in chart.description


def test_a_picture_has_a_role_a_title_and_a_description_and_no_inline_style(pages: Environment) -> None:
    drawn = _drawn(pages, column_chart(name="c", title="By day <b>", bars=STEPS))

    assert 'role="img" aria-labelledby="c-title c-desc"' in drawn
    assert '<title id="c-title">By day &lt;b&gt;</title>' in drawn
    assert "Agreed: 800; Contacted: 400; Helped: 0</desc>" in drawn
    assert not re.search(r"style=|<style|<script", drawn)


def test_nothing_to_draw_is_said(pages: Environment) -> None:
    drawn = _drawn(pages, bar_chart(name="c", title="By practice", bars=[]))

    assert "Nothing to draw yet." in drawn
    assert "<svg" not in drawn


def test_where_numbers_are_crowded_only_the_tallest_carries_one() -> None:
    chart = column_chart(name="c", title="T", bars=[Bar(str(day), 1000 + day, f"1,{day:03}") for day in range(30)])

    assert [one.bar.said for one in chart.drawn if one.bar.said] == ["1,029"]


@pytest.mark.parametrize("wrong", [{"shade": "pink"}, {"value": -1}])
def test_a_bar_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="cannot be"):
        Bar(**{"label": "a", "value": 1, "said": "1", **wrong})  # type: ignore[arg-type]
