import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Text, useStyles2 } from '@grafana/ui';
import { TEST_IDS } from '../test-ids.ts';
import { Commands } from './Commands.tsx';

const EXPORTER = `export OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318
export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf
export OTEL_RESOURCE_ATTRIBUTES=service.name=my-app,deployment.environment.name=dev,department=research`;

const CAPTURE = 'export OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=true';

const DEMO = 'npm start -- --demo';

/** The way to the first call in the ledger. */
export function FirstRun() {
  const styles = useStyles2(getStyles);
  return (
    <section className={styles.guide} data-testid={TEST_IDS.firstRun} aria-label="First steps">
      <Text element="h2">Nothing in the ledger yet</Text>
      <p>The data source answers, and no call of an AI application has arrived. Three steps:</p>
      <ol className={styles.steps}>
        <li>
          Send telemetry: point any OpenTelemetry SDK or instrumentation for GenAI at the collector. It prints its
          address when it starts. <code>department</code> decides who pays.
          <Commands text={EXPORTER} />
        </li>
        <li>
          Keep what was said, if you want it searchable. The guard redacts secrets and personal data before anything is
          stored.
          <Commands text={CAPTURE} />
        </li>
        <li>Make a call. It is here within seconds; this page looks again when you refresh.</li>
      </ol>
      <p>Only looking around? Fill the ledger with a month of made-up traffic:</p>
      <Commands text={DEMO} />
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  guide: css({
    alignSelf: 'flex-start',
    maxWidth: 860,
    padding: theme.spacing(3),
    background: theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
  }),
  steps: css({ paddingLeft: theme.spacing(3), li: { marginBottom: theme.spacing(2) } }),
});
