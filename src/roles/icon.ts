import { LabIcon } from '@jupyterlab/ui-components';

/** Cells with stripes: the roles of cells. */
export const rolesIcon = new LabIcon({
  name: 'jupyterlab-workload-explorer:roles',
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">
  <g class="jp-icon3 jp-icon-selectable" fill="#616161">
    <path d="M3 3h3v5H3zM8 3h13v5H8zm1.600 1.600v1.800h9.800V4.600zM3 9.500h3v5H3zM8 9.500h13v5H8zm1.600 1.600v1.800h9.800v-1.800zM3 16h3v5H3zM8 16h13v5H8zm1.600 1.600v1.800h9.800v-1.800z"/>
  </g>
</svg>`
});
