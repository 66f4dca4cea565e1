import { LabIcon } from '@jupyterlab/ui-components';

/** Tiles of a dashboard. */
export const dashboardIcon = new LabIcon({
  name: 'jupyterlab-workload-explorer:dashboard',
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">
  <g class="jp-icon3 jp-icon-selectable" fill="#616161">
    <path d="M3 3h8v10H3zM5 5v6h4V5zM13 3h8v6h-8zM15 5v2h4V5zM13 11h8v10h-8zM15 13v6h4v-6zM3 15h8v6H3zM5 17v2h4v-2z" fill-rule="evenodd"/>
  </g>
</svg>`
});
