import { LabIcon } from '@jupyterlab/ui-components';

/** Bars of a distribution under a lens. */
export const workloadIcon = new LabIcon({
  name: 'jupyterlab-workload-explorer:workload',
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">
  <g class="jp-icon3 jp-icon-selectable" fill="#616161">
    <path d="M3 20h18v1.6H3zM4 9h3v9.500H4zM8.500 4h3v14.500h-3zM13 14.800h3v3.700h-3z"/>
    <path d="M17.600 2.400a4.600 4.600 0 0 1 3.700 7.300l2 2-1.300 1.300-2-2a4.600 4.600 0 1 1-2.400-8.600zm0 1.800a2.800 2.800 0 1 0 0 5.600 2.800 2.800 0 0 0 0-5.600z"/>
  </g>
</svg>`
});
