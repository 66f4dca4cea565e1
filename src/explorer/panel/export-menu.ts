import { figure } from '../../figure/figure';
import { figureStyle } from '../../figure/style';
import { analysisTitle, caption, limitsLine } from '../../workload/caption';
import { toCsv } from '../../workload/csv';
import { largeChart, largeKey, mayShowAll } from './asks';
import type { IPanelContext } from './context';
import { download } from './download';
import type { MenuEntry } from './menu';
import { shownPicks } from './picking';
import { NO_ANSWER } from './session-state';
import { fileMark, fileName, markedTable, toJson } from './table-text';
import { selectedChart } from './use-chart';

/** Pixels of an exported image, before it is doubled for print. */
const IMAGE = { width: 960, height: 560 };

/** What the selected chart can be exported as. */
export function exportMenu(context: IPanelContext): MenuEntry[] {
  const { model, session, trans, ui, format } = context;
  const { large, selected } = ui.state;
  const own = selectedChart(model.view, large?.id ?? selected);
  if (!own) {
    return [];
  }
  const showsAll = large?.id === own.id && large.all && mayShowAll(own);
  const chart = largeChart(own, showsAll);
  const { charts, source } = session.snapshot;
  const state = charts.get(showsAll ? largeKey(own.id) : own.id);
  const title = analysisTitle(chart.question, trans);
  const { answer, table, transform } = state ?? NO_ANSWER;
  const ready = Boolean(answer && table && !state?.stale);

  const mark = answer ? fileMark(answer.provenance, trans) : '';

  const save = (
    label: string,
    extension: string,
    make: () => Promise<Blob> | Blob
  ): MenuEntry => ({
    label,
    disabled: !ready,
    run: () => {
      void (async () => {
        try {
          const name = fileName(title, extension, mark);
          download(await make(), name);
          ui.say(trans.__('%1 saved', name));
        } catch (error) {
          ui.set({
            notice: trans.__(
              'The export failed: %1',
              error instanceof Error ? error.message : String(error)
            )
          });
        }
      })();
    }
  });

  const text = () =>
    answer
      ? caption(answer, trans, {
          locale: format.locale,
          transform,
          span: source.status === 'open' ? source.info.span : null
        })
      : '';

  const image = async (kind: 'png' | 'svg'): Promise<Blob> => {
    if (!table) {
      throw new Error(trans.__('There is no answer yet.'));
    }
    const { toImage } = await import('../../figure/image-widget');
    // Images leave JupyterLab, so they are light whatever the theme is.
    const style = figureStyle(IMAGE, {
      locale: format.locale,
      selected: shownPicks(chart.picks ?? [], table)
    });
    return toImage(
      figure(table, chart.question, chart.look, style, trans),
      kind,
      { title, caption: text(), notes: [limitsLine(trans)] },
      style
    );
  };

  return [
    { label: title, disabled: true, run: () => undefined },
    'separator',
    save(trans.__('PNG image'), 'png', () => image('png')),
    save(trans.__('SVG image'), 'svg', () => image('svg')),
    save(trans.__('CSV table'), 'csv', () => {
      const marked =
        table &&
        answer &&
        markedTable(table, answer.provenance, trans, format.locale);
      return new Blob([marked ? toCsv(marked) : ''], { type: 'text/csv' });
    }),
    save(trans.__('JSON with caption and provenance'), 'json', () => {
      const json =
        answer && table ? toJson(answer, table, text(), transform) : '';
      return new Blob([json], { type: 'application/json' });
    })
  ];
}
