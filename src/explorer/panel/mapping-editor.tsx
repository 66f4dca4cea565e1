import { HTMLSelect, addIcon, closeIcon } from '@jupyterlab/ui-components';
import { fieldTitle } from '../../workload/caption';
import type { JSX } from 'react';
import { useEffect, useRef } from 'react';

import {
  KEY_ROLES,
  ROLES,
  isRole,
  mergeMapping,
  suits
} from '../../workload/fields';
import type { Mapping, Role } from '../../workload/fields';
import type { IDatasetInfo } from '../../engine/engine';
import { usePanel, useModel, useView } from './context';
import { IconButton } from './icon-button';

/**
 * Says which column plays which role: what was found by name, and what the user chose instead.
 */
export function MappingEditor(props: {
  readonly info: IDatasetInfo;
  /** Role whose select gets the focus. */
  readonly focus: string;
}): JSX.Element {
  const { model, trans } = usePanel();
  const { mapping: chosen } = useView();
  const readOnly = useModel(one => one.readOnly);
  const table = useRef<HTMLTableElement>(null);
  const { info, focus } = props;
  const mapping = mergeMapping(info.mapping, chosen);

  useEffect(() => {
    if (isRole(focus)) {
      const select = table.current?.querySelector<HTMLSelectElement>(
        `[data-role="${focus}"] select`
      );
      select?.focus();
      select?.scrollIntoView({ block: 'nearest' });
    }
  }, [focus]);

  const set = (role: Role, columns: readonly string[]) =>
    model.update(view => ({
      ...view,
      mapping: withRole(view.mapping, role, columns, info.mapping)
    }));

  return (
    <table
      ref={table}
      className="jp-Workload-mapping"
      aria-label={trans.__('Columns by role')}
    >
      <tbody>
        {ROLES.map(role => {
          const columns = mapping[role] ?? [];
          const isKey = KEY_ROLES.includes(role);
          const wasFound = info.mapping[role];
          const differs =
            JSON.stringify(columns) !== JSON.stringify(wasFound ?? []);
          const slots = columns.length > 0 ? columns : [''];
          return (
            <tr
              key={role}
              data-role={role}
              className={columns.length === 0 ? 'jp-mod-none' : ''}
            >
              <th scope="row" title={fieldTitle(role, trans)}>
                {role}
              </th>
              <td>
                {slots.map((name, i) => (
                  <span key={i} className="jp-Workload-mapping-slot">
                    <HTMLSelect
                      className="jp-Workload-select"
                      disabled={readOnly}
                      aria-label={
                        slots.length > 1
                          ? trans.__(
                              'Column %2 of the key of %1',
                              fieldTitle(role, trans),
                              i + 1
                            )
                          : trans.__('Column for %1', fieldTitle(role, trans))
                      }
                      value={name}
                      options={[
                        { value: '', label: trans.__('none') },
                        ...info.columns
                          .filter(
                            column =>
                              suits(role, column) || column.name === name
                          )
                          .map(column => ({
                            value: column.name,
                            label: column.name
                          }))
                      ]}
                      onChange={event => {
                        const next = slots.map((old, k) =>
                          k === i ? event.target.value : old
                        );
                        set(
                          role,
                          next.filter(one => one !== '')
                        );
                      }}
                    />
                    {i > 0 && (
                      <IconButton
                        icon={closeIcon}
                        label={trans.__('Take %1 out of the key', name)}
                        disabled={readOnly}
                        onClick={() =>
                          set(
                            role,
                            columns.filter((_, k) => k !== i)
                          )
                        }
                      />
                    )}
                  </span>
                ))}
              </td>
              <td>
                {isKey && columns.length > 0 && (
                  <IconButton
                    icon={addIcon}
                    label={trans.__(
                      'Add a column to the key of %1',
                      fieldTitle(role, trans)
                    )}
                    disabled={readOnly}
                    onClick={() => {
                      const free = info.columns.find(
                        column =>
                          !columns.includes(column.name) && suits(role, column)
                      );
                      if (free) {
                        set(role, [...columns, free.name]);
                      }
                    }}
                  />
                )}
                {differs && (
                  <button
                    type="button"
                    className="jp-Workload-link"
                    disabled={readOnly}
                    aria-label={trans.__('Take back the mapping of %1', role)}
                    title={
                      wasFound
                        ? trans.__('Found by name: %1', wasFound.join(', '))
                        : trans.__('Nothing was found by name')
                    }
                    onClick={() => set(role, wasFound ?? [])}
                  >
                    ↺
                  </button>
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** The user's mapping with one role changed; what equals the proposal is left out. */
export function withRole(
  chosen: Mapping,
  role: Role,
  columns: readonly string[],
  proposed: Mapping
): Mapping {
  const { [role]: _old, ...rest } = chosen;
  return JSON.stringify(columns) === JSON.stringify(proposed[role] ?? [])
    ? rest
    : { ...rest, [role]: columns };
}
