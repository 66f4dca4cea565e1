/** Commands of dashboards. */
export const CommandIDs = {
  compile: 'workload-explorer:compile-dashboard',
  preview: 'workload-explorer:preview-dashboard'
} as const;
