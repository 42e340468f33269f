#!/bin/sh
# One call to a model as one OTLP/HTTP request in JSON.
set -eu
endpoint=${OTEL_EXPORTER_OTLP_ENDPOINT:-http://127.0.0.1:4318}
random() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }
end=$(date +%s)
start=$((end - 2))

# With keys: SPANLEDGER_KEY, made by `npx spanledger keys create --role ingest …`.
curl -sS --fail-with-body "$endpoint/v1/traces" \
  -H 'content-type: application/json' ${SPANLEDGER_KEY:+-H "authorization: Bearer $SPANLEDGER_KEY"} -d @- <<JSON
{
  "resourceSpans": [
    {
      "resource": {
        "attributes": [
          { "key": "service.name", "value": { "stringValue": "shop" } },
          { "key": "deployment.environment.name", "value": { "stringValue": "production" } },
          { "key": "department", "value": { "stringValue": "customer-support" } }
        ]
      },
      "scopeSpans": [
        {
          "scope": { "name": "curl" },
          "spans": [
            {
              "traceId": "$(random 16)",
              "spanId": "$(random 8)",
              "name": "chat gpt-4.1-mini",
              "kind": 3,
              "startTimeUnixNano": "${start}000000000",
              "endTimeUnixNano": "${end}000000000",
              "attributes": [
                { "key": "gen_ai.operation.name", "value": { "stringValue": "chat" } },
                { "key": "gen_ai.provider.name", "value": { "stringValue": "openai" } },
                { "key": "gen_ai.request.model", "value": { "stringValue": "gpt-4.1-mini" } },
                { "key": "gen_ai.response.model", "value": { "stringValue": "gpt-4.1-mini-2025-04-14" } },
                { "key": "gen_ai.usage.input_tokens", "value": { "intValue": "1200" } },
                { "key": "gen_ai.usage.cache_read.input_tokens", "value": { "intValue": "1024" } },
                { "key": "gen_ai.usage.output_tokens", "value": { "intValue": "85" } },
                { "key": "gen_ai.agent.name", "value": { "stringValue": "order-helper" } },
                { "key": "gen_ai.agent.version", "value": { "stringValue": "1.2.0" } },
                { "key": "gen_ai.conversation.id", "value": { "stringValue": "conversation-42" } },
                { "key": "user.id", "value": { "stringValue": "user-17" } }
              ]
            }
          ]
        }
      ]
    }
  ]
}
JSON
