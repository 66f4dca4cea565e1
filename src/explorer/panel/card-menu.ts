import {
  copyIcon,
  deleteIcon,
  moveDownIcon,
  moveUpIcon,
  refreshIcon
} from '@jupyterlab/ui-components';

import type { IChart } from '../../workload/view';
import {
  bandChoice,
  binsChoice,
  byChoice,
  distinctChoice,
  mayBeLog,
  mayShowOther,
  orderChoice,
  topChoice
} from './chart-choices';
import type { IChoice } from './chart-choices';
import type { IPanelContext } from './context';
import {
  duplicateChart,
  freeId,
  isChanged,
  openAffinity,
  removeChart,
  resetChart,
  setLook,
  setQuestion,
  shiftChart
} from './edits';
import { enlargeIcon } from './icons';
import type { MenuEntry } from './menu';

/** What can be done with a card of the board. */
export function cardMenu(
  chart: IChart,
  context: IPanelContext,
  /** Called after the card has moved or gone, to keep the focus. */
  onMoved: (id: string | null) => void
): MenuEntry[] {
  const { model, trans, ui } = context;
  const { id, question, look } = chart;
  const disabled = model.readOnly;
  const board = model.view.board;
  const place = board.findIndex(one => one.id === id);

  const submenu = <T>(
    choice: IChoice<T> | null,
    set: (value: T) => void
  ): MenuEntry[] =>
    choice
      ? [
          {
            label: choice.label,
            items: choice.options.map(option => ({
              label: option.label,
              checked:
                JSON.stringify(option.value) === JSON.stringify(choice.value),
              disabled,
              run: () => set(option.value)
            }))
          }
        ]
      : [];

  return [
    {
      label: trans.__('Open large'),
      icon: enlargeIcon,
      run: () => ui.enlarge(id)
    },
    { label: trans.__('Show as a table'), run: () => ui.enlarge(id, 'table') },
    { label: trans.__('Transform…'), run: () => ui.enlarge(id, 'transform') },
    ...compareEntry(chart, context),
    ...(question.analysis === 'package-affinity'
      ? [{ label: trans.__('Another package…'), run: () => ui.enlarge(id) }]
      : []),
    'separator',
    ...submenu(distinctChoice(chart, trans), distinct =>
      model.update(setQuestion(id, { distinct }))
    ),
    ...submenu(byChoice(chart, trans), by =>
      model.update(setQuestion(id, { by }))
    ),
    ...submenu(binsChoice(chart, trans), bins =>
      model.update(setQuestion(id, { bins }))
    ),
    ...submenu(topChoice(chart, trans), top =>
      model.update(
        setQuestion(id, top === null ? { top, other: false } : { top })
      )
    ),
    ...(mayShowOther(chart)
      ? [
          {
            label: trans.__('All others as one'),
            checked: question.other,
            disabled,
            run: () => model.update(setQuestion(id, { other: !question.other }))
          }
        ]
      : []),
    ...submenu(bandChoice(chart, trans), band =>
      model.update(setLook(id, { band }))
    ),
    ...submenu(orderChoice(chart, trans), order =>
      model.update(setLook(id, { order }))
    ),
    ...(mayBeLog(chart)
      ? [
          {
            label: trans.__('Logarithmic axis'),
            checked: look.log,
            disabled,
            run: () => model.update(setLook(id, { log: !look.log }))
          }
        ]
      : []),
    {
      label: trans.__('Width'),
      items: ([1, 2, 3] as const).map(width => ({
        label: trans._n('%1 column', '%1 columns', width),
        checked: look.width === width,
        disabled,
        run: () => model.update(setLook(id, { width }))
      }))
    },
    'separator',
    {
      label: trans.__('Move earlier'),
      icon: moveUpIcon,
      disabled: disabled || place === 0,
      run: () => {
        model.update(shiftChart(id, -1));
        onMoved(id);
      }
    },
    {
      label: trans.__('Move later'),
      icon: moveDownIcon,
      disabled: disabled || place === board.length - 1,
      run: () => {
        model.update(shiftChart(id, 1));
        onMoved(id);
      }
    },
    {
      label: trans.__('Duplicate'),
      icon: copyIcon,
      disabled,
      run: () => {
        const copy = freeId(model.view);
        model.update(duplicateChart(id, copy));
        onMoved(copy);
      }
    },
    {
      label: trans.__('Reset to defaults'),
      icon: refreshIcon,
      disabled: disabled || !isChanged(chart),
      run: () => model.update(resetChart(id))
    },
    {
      label: trans.__('Remove'),
      icon: deleteIcon,
      disabled,
      run: () => {
        const next = board[place + 1] ?? board[place - 1];
        model.update(removeChart(id));
        onMoved(next?.id ?? null);
      }
    }
  ];
}

/** Packages offered at once: more than fit a menu are found in the chart of one package. */
const COMPARED = 40;

/** From a matrix to one package against all others; a click on its name does the same. */
function compareEntry(chart: IChart, context: IPanelContext): MenuEntry[] {
  const { model, session, trans, ui } = context;
  if (chart.question.analysis !== 'package-correlation') {
    return [];
  }
  const rows = session.snapshot.charts.get(chart.id)?.answer?.table.rows ?? [];
  const jobs = new Map<string, number>();
  for (const row of rows) {
    for (const [name, count] of [
      [row.package_a, row.jobs_a],
      [row.package_b, row.jobs_b]
    ]) {
      if (typeof name === 'string' && typeof count === 'number') {
        jobs.set(name, count);
      }
    }
  }
  return [
    {
      label: trans.__('One package against all others'),
      items: [...jobs]
        .sort(([, a], [, b]) => b - a)
        .slice(0, COMPARED)
        .map(([name]) => ({
          label: name,
          disabled: model.readOnly,
          run: () => {
            const opened = openAffinity(model.view, name);
            model.update(() => opened.view);
            ui.enlarge(opened.id);
          }
        }))
    }
  ];
}
