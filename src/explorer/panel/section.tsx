import type { JSX, ReactNode } from 'react';
import { useId } from 'react';

/** A part of the left column under a small heading. */
export function Section(props: {
  readonly title: string;
  /** Stands beside the heading. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}): JSX.Element {
  const id = useId();
  return (
    <section className="jp-Workload-section" aria-labelledby={id}>
      <header className="jp-Workload-section-header">
        <h2 id={id}>{props.title}</h2>
        {props.aside}
      </header>
      {props.children}
    </section>
  );
}
