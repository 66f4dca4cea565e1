/** @jest-environment jsdom */
import { followPage } from '../../../src/dashboard/live-page/page';
import type { IPageWindow } from '../../../src/dashboard/live-page/page';
import type { IFigure } from '../../../src/dashboard/published-page/plotly';

const PLOTLY = 'application/vnd.plotly.v1+json';

// Its layout is what jsdom does not have; `published.spec.ts` looks at that.
globalThis.ResizeObserver = class {
  observe = jest.fn();
  unobserve = jest.fn();
  disconnect = jest.fn();
};

/** A page as our template has it before its first cell, and what Plotly was asked to draw. */
function open({ showsEarly = true } = {}) {
  document.body.innerHTML = `
    <div id="loading"></div><div id="rendered_cells" style="display: none"></div>
    <script id="workload-plotly"></script><progress value="0"></progress>
    <script type="application/json" id="workload-page">${JSON.stringify({ showsEarly, failed: 'Reload.', traces: ['bar', 'scatter'] })}</script>`;
  const shows = { yet: false };
  const page: IPageWindow = {
    // As Voilà's own does, until its theme has come.
    voila_finish: () => {
      if (shows.yet) {
        document.getElementById('rendered_cells')?.removeAttribute('style');
      }
    }
  };
  const drawn: IFigure[] = [];
  followPage(document, page);
  return {
    page,
    shows,
    drawn,
    loadPlotly: () => {
      page.Plotly = {
        react: (_, figure) => {
          drawn.push(figure);
          return Promise.resolve();
        }
      };
      document
        .querySelector('#workload-plotly')
        ?.dispatchEvent(new Event('load'));
    },
    show: (data: unknown) => {
      const script = document.createElement('script');
      script.type = 'application/vnd.voila.cell-output+json';
      script.textContent = JSON.stringify({
        output_type: 'display_data',
        data
      });
      document.getElementById('rendered_cells')?.append(script);
      page.workload_output?.(script);
      return script;
    }
  };
}

/** Until what was begun is drawn. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) {
    await new Promise(resolve => requestAnimationFrame(resolve));
  }
}

describe('followPage', () => {
  it('draws charts in their order once Plotly has come', async () => {
    const { drawn, loadPlotly, show } = open();
    const first = show({ [PLOTLY]: { data: [{ type: 'bar' }] } });
    show({ [PLOTLY]: { data: [{ x: [1] }], layout: { height: 300 } } });
    expect(first.isConnected).toBe(false);
    const plots = [...document.querySelectorAll<HTMLElement>('.workload-plot')];
    expect(plots.map(({ style }) => style.height)).toEqual(['450px', '300px']);
    await settle();
    expect(drawn).toEqual([]);
    loadPlotly();
    await settle();
    expect(drawn.map(({ data }) => data)).toEqual([
      [{ type: 'bar' }],
      [{ x: [1] }]
    ]);
    show({ [PLOTLY]: { data: [] } });
    await settle();
    expect(drawn).toHaveLength(3);
  });

  it('leaves to Voilà what is no chart, and what its Plotly cannot draw', async () => {
    const { drawn, loadPlotly, show } = open();
    loadPlotly();
    const left = [
      show({ 'text/plain': '1' }),
      show(undefined),
      show({ [PLOTLY]: { data: [{ type: 'bar' }, { type: 'sankey' }] } }),
      show({ [PLOTLY]: { data: null } }),
      show({ [PLOTLY]: 'nothing' })
    ];
    await settle();
    expect(left.every(({ isConnected }) => isConnected)).toBe(true);
    expect(drawn).toEqual([]);
  });

  it('shows cells as they are done, and how far it is', () => {
    const { page } = open();
    const cells = document.getElementById('rendered_cells');
    page.voila_process?.(1, 4);
    expect(cells?.style.display).toBe('');
    expect(document.getElementById('loading')).toBeNull();
    page.voila_process?.(3, 4);
    expect(document.querySelector('progress')?.value).toBe(0.75);
    page.voila_finish?.();
    page.voila_finish?.();
    expect(document.querySelector('progress')).toBeNull();
  });

  it('waits for a theme that comes with JupyterLab’s parts', async () => {
    const { page, shows, drawn, loadPlotly, show } = open({
      showsEarly: false
    });
    show({ [PLOTLY]: { data: [] } });
    loadPlotly();
    expect(page.voila_process).toBeUndefined();
    page.voila_finish?.();
    await settle();
    expect(drawn).toEqual([]);
    shows.yet = true;
    page.voila_finish?.();
    await settle();
    expect(drawn).toHaveLength(1);
  });

  it('names charts by their titles, and says where they cannot be drawn', () => {
    const { show } = open();
    const layout = { title: { text: 'Users of <b>numpy</b>' } };
    show({ [PLOTLY]: { data: [], layout } });
    document
      .querySelector('#workload-plotly')
      ?.dispatchEvent(new Event('error'));
    show({ [PLOTLY]: { data: [] } });
    const plots = [...document.querySelectorAll('.workload-plot')];
    expect(plots[0].getAttribute('aria-label')).toBe('Users of  numpy ');
    expect(
      plots.map(plot => plot.querySelector('[role=alert]')?.textContent)
    ).toEqual(['Reload.', 'Reload.']);
  });

  it('goes on after a chart that Plotly refuses', async () => {
    const complain = jest.spyOn(console, 'error').mockImplementation();
    const { page, drawn, show } = open();
    let calls = 0;
    page.Plotly = {
      react: (_, figure) => {
        if (calls++ === 0) {
          return Promise.reject(new Error('no such axis'));
        }
        drawn.push(figure);
        return Promise.resolve();
      }
    };
    document
      .querySelector('#workload-plotly')
      ?.dispatchEvent(new Event('load'));
    show({ [PLOTLY]: { data: [] } });
    show({ [PLOTLY]: { data: [{ type: 'bar' }] } });
    await settle();
    expect(drawn).toHaveLength(1);
    expect(complain).toHaveBeenCalledTimes(1);
    expect(document.querySelectorAll('[role=alert]')).toHaveLength(1);
  });
});
