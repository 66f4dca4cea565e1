import {
  addIcon,
  downloadIcon,
  filterListIcon,
  folderIcon,
  redoIcon,
  saveIcon,
  undoIcon
} from '@jupyterlab/ui-components';
import { Button } from '@jupyterlab/ui-components';
import type { JSX } from 'react';

import { analysisMenu } from './analysis-menu';
import { usePanel, useModel, useSnapshot, useUi, useView } from './context';
import { exportMenu } from './export-menu';
import { IconButton } from './icon-button';
import { MenuButton } from './menu-button';
import { SourcePicker } from './source-picker';

/** What acts on the whole panel. */
export function Toolbar(): JSX.Element {
  const context = usePanel();
  const { model, trans, ui, saveAs } = context;
  const view = useView();
  const { picking, drawer } = useUi();
  const canUndo = useModel(one => one.canUndo);
  const canRedo = useModel(one => one.canRedo);
  const readOnly = useModel(one => one.readOnly);
  const isEmpty = view.source.paths.length === 0;

  return (
    <div
      className="jp-Workload-toolbar"
      role="toolbar"
      aria-label={trans.__('Workload Explorer')}
    >
      {!isEmpty && (
        <IconButton
          className="jp-Workload-drawerButton"
          icon={filterListIcon}
          label={trans.__('Source, filters and period')}
          pressed={drawer}
          onClick={() => ui.set({ drawer: !drawer })}
        />
      )}
      <span className="jp-Workload-anchor">
        <Button
          minimal
          small
          className="jp-Workload-button"
          aria-haspopup="dialog"
          aria-expanded={picking}
          disabled={isEmpty || readOnly}
          title={trans.__('Open a source')}
          // The picker closes at any press outside it; the press on its own button must not open it again.
          onPointerDown={event => picking && event.preventDefault()}
          onClick={() => ui.set({ picking: !picking })}
        >
          <folderIcon.react tag="span" className="jp-Workload-icon" />
          <span className="jp-Workload-button-label">{trans.__('Open')}</span>
        </Button>
        {picking && !isEmpty && (
          <SourcePicker
            onDone={() => {
              ui.set({ picking: false });
            }}
          />
        )}
      </span>
      <MenuButton
        icon={addIcon}
        label={trans.__('Analysis')}
        disabled={isEmpty || readOnly}
        entries={() => analysisMenu(context)}
      />
      <span
        className="jp-Workload-rule"
        role="separator"
        aria-orientation="vertical"
      />
      <IconButton
        icon={undoIcon}
        label={trans.__('Undo')}
        disabled={!canUndo}
        onClick={() => model.undo()}
      />
      <IconButton
        icon={redoIcon}
        label={trans.__('Redo')}
        disabled={!canRedo}
        onClick={() => model.redo()}
      />
      <span
        className="jp-Workload-rule"
        role="separator"
        aria-orientation="vertical"
      />
      {saveAs && (
        <Button
          minimal
          small
          className="jp-Workload-button"
          title={trans.__('Keep this view in a file')}
          onClick={() => void saveAs()}
        >
          <saveIcon.react tag="span" className="jp-Workload-icon" />
          <span className="jp-Workload-button-label">{trans.__('Keep')}</span>
        </Button>
      )}
      <MenuButton
        icon={downloadIcon}
        label={trans.__('Export')}
        disabled={isEmpty || view.board.length === 0}
        entries={() => exportMenu(context)}
      />
      <span className="jp-Workload-spacer" />
      <Status />
    </div>
  );
}

/** How many records, how long it took, and whether it is exact. */
function Status(): JSX.Element | null {
  const { trans, format } = usePanel();
  const { overview, elapsed, charts, busy, work } = useSnapshot();
  const answers = [...charts.values()].flatMap(chart =>
    chart.answer ? [chart.answer] : []
  );
  if (!overview && answers.length === 0) {
    return null;
  }
  const exact =
    answers.every(answer => answer.provenance.exact) &&
    // The head of the board may be estimated before, or without, any chart.
    !overview?.estimate;
  const partial = busy || work !== null;
  return (
    <span className={`jp-Workload-status ${partial ? 'jp-mod-stale' : ''}`}>
      {overview && (
        <span
          title={trans.__(
            '%1 records included',
            format.count(overview.records)
          )}
        >
          {trans.__('%1 records', format.short(overview.records))}
        </span>
      )}
      {elapsed !== null && (
        <span title={trans.__('From the last change to the last answer')}>
          {format.duration(elapsed)}
        </span>
      )}
      <span
        title={
          exact
            ? trans.__(
                'Exact is said of the computation; the line of limits says what no computation can know'
              )
            : trans.__(
                'Each chart that is estimated says so, and how far it may be off; exact answers take their place as they arrive'
              )
        }
      >
        {exact ? trans.__('exact') : trans.__('estimated')}
      </span>
    </span>
  );
}
