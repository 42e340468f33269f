import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { ClipboardButton, useStyles2 } from '@grafana/ui';

/** Lines for a shell, with a button that copies them. */
export function Commands({ text }: { readonly text: string }) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.commands}>
      <pre className={styles.text}>{text}</pre>
      <ClipboardButton size="sm" variant="secondary" icon="copy" getText={() => text} aria-label="Copy">
        Copy
      </ClipboardButton>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  commands: css({ display: 'flex', alignItems: 'flex-start', gap: theme.spacing(1), margin: theme.spacing(1, 0) }),
  text: css({ flex: 1, margin: 0, whiteSpace: 'pre-wrap', wordBreak: 'normal', overflowWrap: 'anywhere' }),
});
