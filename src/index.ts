import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { explorerPlugin } from './explorer/plugin';

/** The plugins of the extension. */
const plugins: JupyterFrontEndPlugin<unknown>[] = [explorerPlugin];

export default plugins;
