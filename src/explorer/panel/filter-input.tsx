import type { JSX } from 'react';
import { useCallback, useState } from 'react';

import { mergeMapping } from '../../workload/fields';
import { parseFilterText } from '../../workload/filter-text';
import type { Filter } from '../../workload/query';
import { plainSelection } from './asks';
import { Combobox } from './combobox';
import type { ISuggestion } from './combobox';
import { usePanel } from './context';
import { nextNeed, suggestFields, suggestValues } from './filter-completion';
import { filterProblem } from './filter-problem';

interface IFilterInputProps {
  /** Text to start with. */
  readonly text?: string;
  readonly onDone: (filter: Filter) => void;
  readonly onCancel: () => void;
}

/** Values offered at once. */
const VALUES = 30;

/** A condition, typed: fields and values are completed, values with the records that have them. */
export function FilterInput(props: IFilterInputProps): JSX.Element {
  const { model, session, trans, format } = usePanel();
  const [text, setText] = useState(props.text ?? '');
  const [problem, setProblem] = useState<string | null>(null);

  const suggest = useCallback(
    async (
      typed: string,
      signal: AbortSignal
    ): Promise<readonly ISuggestion[]> => {
      const { engine } = session;
      const need = nextNeed(typed);
      if (!engine || need.kind === 'free') {
        return [];
      }
      if (need.kind === 'field') {
        const mapping = mergeMapping(engine.info.mapping, model.view.mapping);
        return suggestFields(need.typed, mapping, engine.info.columns, trans);
      }
      const values = await engine.values(
        need.field,
        plainSelection(model.view),
        {
          contains: need.typed,
          limit: VALUES,
          signal
        }
      );
      return suggestValues(need.before, values, format.count);
    },
    [model, session, trans, format]
  );

  const commit = (typed: string) => {
    if (typed.trim() === '') {
      props.onCancel();
      return;
    }
    const refuse = (reason: string) => {
      setText(typed);
      setProblem(reason);
    };
    let filter: Filter;
    try {
      filter = parseFilterText(typed);
    } catch (error) {
      refuse(error instanceof Error ? error.message : String(error));
      return;
    }
    const info = session.engine?.info;
    const reason =
      info &&
      filterProblem(
        filter,
        mergeMapping(info.mapping, model.view.mapping),
        info,
        trans
      );
    if (reason) {
      refuse(reason);
      return;
    }
    setProblem(null);
    props.onDone(filter);
  };

  return (
    <Combobox
      label={trans.__('Condition on records')}
      placeholder={trans.__('field=value, value')}
      value={text}
      autoFocus
      eager
      problem={problem}
      suggest={suggest}
      onChange={typed => {
        setText(typed);
        setProblem(null);
      }}
      onCommit={commit}
      onCancel={props.onCancel}
    />
  );
}
