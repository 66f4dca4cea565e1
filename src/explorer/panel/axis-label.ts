import type { MouseEvent } from 'react';

import type { ITable } from '../../workload/answer';

/** Labels of axes as Plotly draws them. */
const LABELS = '.xtick text, .ytick text';

/**
 * The package whose name beside a matrix was clicked.
 *
 * #### Notes
 * Plotly's labels take no clicks, so the one under the pointer is looked for. A name that was cut to fit is found
 * by its beginning, when only one package begins so.
 */
export function packageAt(
  event: MouseEvent<HTMLElement>,
  table: ITable
): string | null {
  const { clientX: x, clientY: y } = event;
  const label = [
    ...event.currentTarget.querySelectorAll<SVGTextElement>(LABELS)
  ].find(node => {
    const box = node.getBoundingClientRect();
    return x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
  });
  return label?.textContent
    ? packageNamed(label.textContent, namesIn(table))
    : null;
}

/** The name that a label stands for. */
export function packageNamed(
  label: string,
  names: ReadonlySet<string>
): string | null {
  if (names.has(label)) {
    return label;
  }
  const begin = label.replace(/…$/, '');
  const found = [...names].filter(name => name.startsWith(begin));
  return begin !== label && found.length === 1 ? found[0] : null;
}

function namesIn(table: ITable): ReadonlySet<string> {
  return new Set(
    table.rows
      .flatMap(row => [row.package_a, row.package_b])
      .filter(name => typeof name === 'string')
  );
}
