package main

import (
	"fmt"
	"reflect"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

func newValue(column driver.ColumnType) any {
	return reflect.New(column.ScanType()).Interface()
}

func show(targets []any) string {
	text := ""
	for i, target := range targets {
		if i > 0 {
			text += " | "
		}
		value := reflect.ValueOf(target).Elem()
		for value.Kind() == reflect.Pointer && !value.IsNil() {
			value = value.Elem()
		}
		if value.Kind() == reflect.Pointer {
			text += "NULL"
		} else {
			text += fmt.Sprint(value.Interface())
		}
	}
	return text
}
