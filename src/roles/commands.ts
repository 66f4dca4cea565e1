/** Commands that set roles and that use them; views and suggestions have further ones of their own. */
export const CommandIDs = {
  setRole: 'workload-explorer:set-role',
  setSectionRole: 'workload-explorer:set-section-role',
  selectRole: 'workload-explorer:select-role',
  runRole: 'workload-explorer:run-role',
  toggleRoles: 'workload-explorer:toggle-roles'
} as const;
