import { LabIcon } from '@jupyterlab/ui-components';

/** Two arrows that point away from each other: a chart opens large. */
export const enlargeIcon = new LabIcon({
  name: 'jupyterlab-workload-explorer:enlarge',
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16"><path class="jp-icon3" fill="#616161" d="M9 2h5v5h-1.4V4.4L9.7 7.3l-1-1 2.9-2.9H9V2zM2 9h1.4v2.6l2.9-2.9 1 1-2.9 2.9H7V14H2V9z"/></svg>'
});

/** Two arrows that point to each other: back to the board. */
export const reduceIcon = new LabIcon({
  name: 'jupyterlab-workload-explorer:reduce',
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16"><path class="jp-icon3" fill="#616161" d="M13 2l1 1-2.9 2.9h2.6v1.4h-5v-5h1.4v2.6L13 2zM2.3 8.7h5v5H5.9v-2.6L3 14l-1-1 2.9-2.9H2.3V8.7z"/></svg>'
});
