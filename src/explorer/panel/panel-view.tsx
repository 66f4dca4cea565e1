import type { JSX, KeyboardEvent } from 'react';
import { useEffect, useRef } from 'react';

import { limitsLine } from '../../workload/caption';
import { Banners } from './banners';
import { Board } from './board';
import { useModel, usePanel, useUi, useView, usePart } from './context';
import { Headline } from './headline';
import { Inspect } from './inspect';
import { Large } from './large';
import { Live } from './live';
import { PageStyleContext, useReadPageStyle } from './page-style';
import { ProgressLine } from './progress-line';
import { Side } from './side';
import { SourcePicker } from './source-picker';
import { Toolbar } from './toolbar';

/** While the pointer is used. */
const POINTER = 'jp-mod-pointer';

/** The whole panel. */
export function PanelView(): JSX.Element {
  const { model, session, trans, themeManager, format } = usePanel();
  const pageStyle = useReadPageStyle(themeManager, format.locale);
  const view = useView();
  const problem = useModel(one => one.problem);
  const root = useRef<HTMLDivElement>(null);
  const { large, inspecting } = useUi();
  const source = usePart(one => one.source);
  const isIndex = source.status === 'open' && source.info.index !== null;
  const isOpen = source.status !== 'none' && source.status !== 'untrusted';
  const shown =
    large && view.board.some(chart => chart.id === large.id) ? large : null;

  useEffect(() => {
    session.setLarge(shown && { id: shown.id, all: shown.all });
  }, [session, shown]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (
      !(event.ctrlKey || event.metaKey) ||
      event.altKey ||
      isTyping(event.target)
    ) {
      return;
    }
    const key = event.key.toLowerCase();
    if (key === 'z' || key === 'y') {
      event.preventDefault();
      event.stopPropagation();
      if (key === 'y' || event.shiftKey) {
        model.redo();
      } else {
        model.undo();
      }
    }
  };

  return (
    <PageStyleContext.Provider value={pageStyle}>
      <div
        ref={root}
        className="jp-Workload-root"
        // The focus shows when keys are used, not after each click.
        onPointerDownCapture={() => root.current?.classList.add(POINTER)}
        onKeyDownCapture={() => root.current?.classList.remove(POINTER)}
        onKeyDown={onKeyDown}
      >
        <Toolbar />
        <ProgressLine />
        {view.source.paths.length === 0 ? (
          <div className="jp-Workload-start">
            <h1>{trans.__('Workload Explorer')}</h1>
            <Banners />
            {/* A text that is no view names no source either, and takes none. */}
            {!problem && (
              <>
                <p>
                  {trans.__(
                    'Open records of which software ran on a computing center: a Parquet file, a folder of them, or an index of Elasticsearch.'
                  )}
                </p>
                <SourcePicker isFixed onDone={() => undefined} />
              </>
            )}
          </div>
        ) : (
          <div className="jp-Workload-body">
            <Side />
            <div
              role="region"
              className="jp-Workload-main"
              tabIndex={-1}
              aria-label={trans.__('Results')}
            >
              <Banners />
              {isOpen && source.status !== 'failed' && (
                <>
                  <Headline />
                  {inspecting && isIndex ? (
                    <Inspect />
                  ) : shown ? (
                    <Large large={shown} />
                  ) : (
                    <Board />
                  )}
                  {view.board.length === 0 && (
                    <p className="jp-Workload-hint">
                      {trans.__(
                        'The board is empty. “Analysis” above adds charts.'
                      )}
                    </p>
                  )}
                  <p className="jp-Workload-limits">{limitsLine(trans)}</p>
                </>
              )}
            </div>
          </div>
        )}
        <Live />
      </div>
    </PageStyleContext.Provider>
  );
}

/** Whether keys belong to a field or an editor, which have an undo of their own. */
function isTyping(target: EventTarget): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest(
      'input:not([type="checkbox"]), textarea, [contenteditable="true"]'
    ) !== null
  );
}
