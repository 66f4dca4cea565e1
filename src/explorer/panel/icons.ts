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

/** Disks in a pile: indices of a server. */
export const indexIcon = new LabIcon({
  name: 'jupyterlab-workload-explorer:index',
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16"><path class="jp-icon3" fill="#616161" d="M8 1.500c3.300 0 5.500 1 5.500 2.300v8.400c0 1.300-2.200 2.300-5.500 2.300s-5.500-1-5.500-2.300V3.800C2.500 2.500 4.700 1.500 8 1.500zm4.100 4.100C11.100 6 9.700 6.200 8 6.200S4.900 6 3.900 5.600v2c.3.400 1.800 1 4.100 1s3.800-.6 4.100-1zm0 4C11.100 10 9.700 10.200 8 10.200s-3.100-.2-4.100-.6v2.500c.3.400 1.800 1 4.100 1s3.800-.6 4.100-1zM8 2.900c-2.300 0-3.800.5-4.100.9.3.400 1.800 1 4.100 1s3.800-.6 4.100-1c-.3-.4-1.800-.9-4.100-.9z"/></svg>'
});
