/** Class of the side panel, which has the keyboard itself where nothing in it can. */
export const PANEL_CLASS = 'jp-WorkloadRoles';

/** Give the keyboard to the list of cells; to the side panel itself as long as there is none. */
export function focusPanel(panel: HTMLElement): void {
  const list = panel.querySelector<HTMLElement>('.jp-WorkloadRoles-list');
  list?.focus();
  if (!list || document.activeElement !== list) {
    panel.focus();
  }
}
