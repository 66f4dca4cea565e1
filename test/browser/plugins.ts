import type { Page } from '@playwright/test';

/** The plugin without which there is no panel. */
export const EXPLORER_PLUGIN = 'jupyterlab-workload-explorer:explorer';

/** The part of JupyterLab's application that we ask; it is in the page by `--expose-app-in-browser`. */
interface IExposed {
  jupyterapp: {
    hasPlugin(id: string): boolean;
    isPluginActivated(id: string): boolean;
  };
}

/** Whether JupyterLab has a plugin, and whether it is active. */
export async function pluginState(
  page: Page,
  id = EXPLORER_PLUGIN
): Promise<{ has: boolean; active: boolean }> {
  return page.evaluate(id => {
    const { jupyterapp } = globalThis as unknown as IExposed;
    return {
      has: jupyterapp.hasPlugin(id),
      active: jupyterapp.isPluginActivated(id)
    };
  }, id);
}
