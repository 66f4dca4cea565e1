/** The explorer's commands. */
export const CommandIDs = {
  open: 'workload-explorer:open',
  openSelected: 'workload-explorer:open-selected',
  restore: 'workload-explorer:restore',
  saveViewAs: 'workload-explorer:save-view-as',
  undo: 'workload-explorer:undo',
  redo: 'workload-explorer:redo'
} as const;

/** Names of the widget factories; both are called "Workload Explorer" where people read it. */
export const VIEW_FACTORY = 'Workload Explorer';
export const DATA_FACTORY = 'Workload Explorer Data';

/** How the names of views' documents end. */
export const VIEW_EXTENSION = '.workload.json';
