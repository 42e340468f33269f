"""Reads and writes through clickhouse-connect and prints one JSON document: the caller compares it."""

import json
import sys

import clickhouse_connect


def main(host: str, port: int, queries_file: str) -> None:
    client = clickhouse_connect.get_client(host=host, port=port, compress=sys.argv[4] == "gzip" and "gzip")
    with open(queries_file, encoding="utf-8") as file:
        queries = json.load(file)
    out = {"server": client.server_version.split(".")[0], "values": {}, "columns": {}, "counts": {}, "errors": {}}
    for name, query in queries.items():
        try:
            result = client.query(query)
            out["columns"][name] = [str(kind.name) for kind in result.column_types]
            out["counts"][name] = len(result.result_rows)
            if result.result_rows:
                out["values"][name] = " | ".join(str(value) for value in result.result_rows[0])
        except clickhouse_connect.driver.exceptions.Error as error:
            out["errors"][name] = str(error)
    client.command("CREATE TABLE IF NOT EXISTS py_rows (id UInt64, name LowCardinality(String), tags Array(String)) ENGINE = MergeTree ORDER BY id")
    client.command("TRUNCATE TABLE py_rows")
    client.insert("py_rows", [[i, f"n{i % 3}", ["a", "b"]] for i in range(1000)], column_names=["id", "name", "tags"])
    out["counts"]["inserted"] = client.query("SELECT count() FROM py_rows WHERE id < {n:UInt64}", parameters={"n": 10}).result_rows[0][0]
    print(json.dumps(out))


main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
