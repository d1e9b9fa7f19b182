"""
The plan's SQL in Spark's dialect: the same statements, translated, and the three functions Spark spells otherwise.

What cannot be translated is refused when it is written, not when it has answered wrongly.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlglot import ErrorLevel, exp, parse_one
from sqlglot.dialects.spark import Spark

# Python's `:g`, registered with the session. Java has a `%g` of its own, which keeps zeros and rounds ties otherwise.
SAID_NUMBER = "wherry_said_number"


def to_spark(sql: str) -> str:
    """Translate one statement of the plan. Raises sqlglot's UnsupportedError for what Spark has no words for."""
    return _written(parse_one(sql, read="duckdb"))


def over_tables(sql: str, *, read: Callable[[tuple[Path, ...]], str], hand_over: Callable[[str], str]) -> str:
    """
    Translate a SELECT of the store's columns, naming its Parquet files and its tables as Spark knows them.

    read: Parquet files → the table Spark reads them as; hand_over: a table of the DuckDB connection → Spark's of it.
    """
    tree = parse_one(sql, read="duckdb")
    in_the_statement = {each.alias_or_name for each in tree.find_all(exp.CTE)}
    for table in list(tree.find_all(exp.Table)):
        if isinstance(table.this, exp.ReadParquet):
            files = [Path(each.this) for each in table.this.expressions[0].find_all(exp.Literal)]
            table.set("this", exp.to_identifier(read(tuple(files))))
        elif table.name not in in_the_statement:
            table.set("this", exp.to_identifier(hand_over(table.name)))
    return _written(tree)


def _written(tree: exp.Expr) -> str:
    return tree.transform(_spelled).sql(dialect=Spark, unsupported_level=ErrorLevel.RAISE)


def _spelled(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.Anonymous) and node.name.lower() == "isfinite":
        return _template("(NOT isnan(:it) AND abs(:it) <> CAST('Infinity' AS DOUBLE))", it=node.expressions[0])
    if isinstance(node, exp.Format) and node.name == "{:g}":
        return exp.Anonymous(this=SAID_NUMBER, expressions=node.expressions)
    if isinstance(node, exp.ArrayAgg) and isinstance(node.this, exp.Order):
        [key] = node.this.expressions
        return _template(
            "transform(array_sort(collect_list(struct(:key AS key, :it AS it))), each -> each.it)",
            key=key.this,
            it=node.this.this,
        )
    return node


def _template(spark: str, **parts: exp.Expr) -> exp.Expr:
    def filled(node: exp.Expr) -> exp.Expr:
        return parts[node.name].copy() if isinstance(node, exp.Placeholder) else node

    return parse_one(spark, read="spark").transform(filled)
