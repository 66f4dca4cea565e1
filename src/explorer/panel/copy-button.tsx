import { Button, copyIcon } from '@jupyterlab/ui-components';
import type { JSX } from 'react';
import { useEffect, useState } from 'react';

import { usePanel } from './context';

/** How long it says that it has worked, milliseconds. */
const SHOWN = 2000;

/** A button that copies a text, and says so. */
export function CopyButton(props: {
  /** Made when it is asked for. */
  readonly text: () => string | Promise<string>;
  /** What screen readers hear once it has worked. */
  readonly said: string;
  readonly label?: string;
  /** The button's name where its label does not say what is copied. */
  readonly name?: string;
}): JSX.Element {
  const { trans, ui } = usePanel();
  const { text, said, label, name } = props;
  const [copied, setCopied] = useState(false);

  useEffect(() => {
    if (copied) {
      const timer = setTimeout(() => setCopied(false), SHOWN);
      return () => clearTimeout(timer);
    }
    return undefined;
  }, [copied]);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(await text());
      setCopied(true);
      ui.say(said);
    } catch {
      ui.say(trans.__('The browser did not allow copying'));
    }
  };

  return (
    <Button
      minimal
      small
      className="jp-Workload-button"
      aria-label={name}
      onClick={() => void copy()}
    >
      <copyIcon.react tag="span" className="jp-Workload-icon" />
      <span>{copied ? trans.__('Copied') : (label ?? trans.__('Copy'))}</span>
    </Button>
  );
}
