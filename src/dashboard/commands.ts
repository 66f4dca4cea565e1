/** Commands of dashboards. */
export const CommandIDs = {
  compile: 'workload-explorer:compile-dashboard',
  preview: 'workload-explorer:preview-dashboard',
  publish: 'workload-explorer:publish-dashboard',
  showList: 'workload-explorer:show-dashboards'
} as const;
