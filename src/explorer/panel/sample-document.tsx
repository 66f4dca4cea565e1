import type { JSX } from 'react';

import { usePanel } from './context';
import { CopyButton } from './copy-button';

/** A document as it is stored, for whoever says which of its fields is what. */
export function SampleDocument(props: {
  readonly sample: unknown;
}): JSX.Element {
  const { trans } = usePanel();
  const { sample } = props;
  if (sample === null || sample === undefined) {
    return (
      <p className="jp-Workload-hint">
        {trans.__('The index has no document that could be shown.')}
      </p>
    );
  }
  const json = JSON.stringify(sample, null, 2);
  return (
    <details className="jp-Workload-sample">
      <summary>{trans.__('A sample document')}</summary>
      <CopyButton
        name={trans.__('Copy the sample document')}
        said={trans.__('Document copied')}
        text={() => json}
      />
      <pre tabIndex={0} aria-label={trans.__('A sample document')}>
        {json}
      </pre>
    </details>
  );
}
