/** The smallest published bundle that has bars, scatter and heatmaps. */
declare module 'plotly.js/dist/plotly-cartesian.min.js' {
  const plotly: import('./plotly-widget').IPlotly;
  export default plotly;
}
