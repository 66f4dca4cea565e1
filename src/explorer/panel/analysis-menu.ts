import { analysisDescription, analysisTitle } from '../../workload/caption';
import { ANALYSES, defaultQuestion } from '../../workload/analyses';
import { ANALYSIS_IDS } from '../../workload/query';
import type { IPanelContext } from './context';
import { addChart, freeId } from './edits';
import type { MenuEntry } from './menu';

/** The analyses that can be added to the board. */
export function analysisMenu(context: IPanelContext): MenuEntry[] {
  const { model, trans, ui, session } = context;
  const { source } = session.snapshot;
  const mapping =
    source.status === 'open'
      ? { ...source.info.mapping, ...model.view.mapping }
      : null;
  return ANALYSIS_IDS.map(analysis => {
    const missing = mapping
      ? ANALYSES[analysis].needs.filter(role => !mapping[role]?.length)
      : [];
    return {
      label: analysisTitle(defaultQuestion(analysis), trans),
      caption:
        missing.length > 0
          ? trans.__(
              'Needs a column for: %1. It can be mapped in the chart.',
              missing.join(', ')
            )
          : analysisDescription(analysis, trans),
      run: () => {
        const id = freeId(model.view);
        model.update(addChart(id, analysis));
        ui.set({
          selected: id,
          large: null,
          reveal: id,
          said: trans.__('Chart added')
        });
      }
    };
  });
}
