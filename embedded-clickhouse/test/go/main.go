// Reads every supported type through clickhouse-go over HTTP and prints one JSON document: the caller compares it.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

type answer struct {
	Version string              `json:"version"`
	Values  map[string]string   `json:"values"`
	Columns map[string][]string `json:"columns"`
	Counts  map[string]uint64   `json:"counts"`
	Errors  map[string]string   `json:"errors"`
}

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: test HOST:PORT none|gzip QUERIES.json")
		os.Exit(2)
	}
	method := clickhouse.CompressionNone
	if os.Args[2] == "gzip" {
		method = clickhouse.CompressionGZIP
	}
	text, err := os.ReadFile(os.Args[3])
	check(err)
	var queries map[string]string
	check(json.Unmarshal(text, &queries))
	connection, err := clickhouse.Open(&clickhouse.Options{
		Protocol:    clickhouse.HTTP,
		Addr:        []string{os.Args[1]},
		Auth:        clickhouse.Auth{Database: "default"},
		Compression: &clickhouse.Compression{Method: method},
		DialTimeout: 10 * time.Second,
	})
	check(err)
	ctx := context.Background()
	check(connection.Ping(ctx))
	version, err := connection.ServerVersion()
	check(err)
	out := answer{Version: fmt.Sprintf("%d.%d", version.Version.Major, version.Version.Minor), Values: map[string]string{}, Columns: map[string][]string{}, Counts: map[string]uint64{}, Errors: map[string]string{}}
	for name, query := range queries {
		read(ctx, connection, name, query, &out)
	}
	insert(ctx, connection, &out)
	check(json.NewEncoder(os.Stdout).Encode(out))
}

func read(ctx context.Context, connection driver.Conn, name string, query string, out *answer) {
	rows, err := connection.Query(ctx, query)
	if err != nil {
		out.Errors[name] = message(err)
		return
	}
	defer rows.Close()
	for _, column := range rows.ColumnTypes() {
		out.Columns[name] = append(out.Columns[name], column.DatabaseTypeName())
	}
	for rows.Next() {
		out.Counts[name]++
		targets := make([]any, len(rows.ColumnTypes()))
		for i, column := range rows.ColumnTypes() {
			targets[i] = newValue(column)
		}
		if err := rows.Scan(targets...); err != nil {
			out.Errors[name] = message(err)
			return
		}
		if out.Counts[name] == 1 {
			out.Values[name] = show(targets)
		}
	}
	if err := rows.Err(); err != nil {
		out.Errors[name] = message(err)
	}
}

func insert(ctx context.Context, connection driver.Conn, out *answer) {
	check(connection.Exec(ctx, "CREATE TABLE IF NOT EXISTS go_rows (id UInt64, name LowCardinality(String), at DateTime64(3), tags Array(String), kv Map(String, UInt8)) ENGINE = MergeTree ORDER BY id"))
	check(connection.Exec(ctx, "TRUNCATE TABLE go_rows"))
	batch, err := connection.PrepareBatch(ctx, "INSERT INTO go_rows")
	check(err)
	for i := uint64(0); i < 1000; i++ {
		check(batch.Append(i, fmt.Sprint("n", i%3), time.UnixMilli(int64(i)), []string{"a", "b"}, map[string]uint8{"k": uint8(i)}))
	}
	check(batch.Send())
	var count, sum uint64
	check(connection.QueryRow(ctx, "SELECT count(), sum(id) FROM go_rows WHERE id < $1", 10).Scan(&count, &sum))
	out.Counts["inserted"], out.Counts["sum"] = count, sum
}

func message(err error) string {
	var exception *clickhouse.Exception
	if errors.As(err, &exception) {
		return fmt.Sprintf("%d", exception.Code)
	}
	return err.Error()
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
