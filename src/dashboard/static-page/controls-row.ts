import { optionsOf } from './choose';
import type { IChoice } from './choose';
import type { Cell, Columns, IControls } from './page-data';

/**
 * The row above a chart in which readers choose.
 *
 * @param changed Told each new choice.
 * @returns Null where there is nothing to choose.
 */
export function controlsRow(
  columns: Columns,
  controls: IControls,
  first: IChoice,
  changed: (choice: IChoice) => void
): HTMLElement | null {
  let choice = first;
  const set = (part: Partial<IChoice>): void => {
    choice = { ...choice, ...part };
    changed(choice);
  };
  const fields = [
    ...controls.filters.map(({ column, label, all, value }) =>
      field(label, optionsOf(columns, column), value, cellText(all), one => {
        set({ filters: { ...choice.filters, [column]: one } });
      })
    ),
    ...(controls.sort.length > 1 && controls.series === null
      ? [
          field('Sort by', controls.sort, first.sort, String, sort => {
            set({ sort });
          })
        ]
      : []),
    ...(controls.top.length > 1
      ? [
          field(
            'Show',
            controls.top,
            first.top,
            one => `top ${one}`,
            top => {
              set({ top });
            }
          )
        ]
      : [])
  ];
  if (fields.length === 0) {
    return null;
  }
  const row = document.createElement('div');
  row.className = 'controls';
  row.append(...fields);
  return row;
}

function cellText(all: string): (value: Cell) => string {
  return value => (value === null ? all : String(value));
}

function field<T>(
  name: string,
  values: readonly T[],
  first: T | undefined,
  text: (value: T) => string,
  changed: (value: T) => void
): HTMLElement {
  const label = document.createElement('label');
  const select = document.createElement('select');
  values.forEach(value => {
    select.add(new Option(text(value)));
  });
  select.selectedIndex = values.findIndex(value => value === first);
  select.addEventListener('change', () => {
    changed(values[select.selectedIndex]);
  });
  label.append(name, select);
  return label;
}
