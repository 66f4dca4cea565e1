import type { Notebook } from '@jupyterlab/notebook';
import { WindowedListModel } from '@jupyterlab/ui-components';

/**
 * Tells a notebook's list which heights its cells have now, so that hidden ones take no room where cells are not in the page.
 *
 * #### Notes
 * In windowing mode `full` the list adds up heights that it measured or estimated; it does not notice by itself that a cell out of view
 * has been hidden. It gives its model to subclasses only, hence the look at the property. Where there is none, heights are right as soon
 * as the cells have been in view.
 *
 * @param heights Height in pixels by index of the cell.
 */
export function setCellHeights(
  notebook: Notebook,
  heights: ReadonlyMap<number, number>
): void {
  const model = listModelOf(notebook);
  if (!model?.windowingActive || heights.size === 0) {
    return;
  }
  // Offsets first, as setting sizes builds on them; and again, so that they fit the sizes.
  model.resetAfterIndex(-1);
  model.setWidgetSize([...heights].map(([index, size]) => ({ index, size })));
  model.resetAfterIndex(-1);
  notebook.update();
}

/** The height that the list takes a cell to have, in pixels. */
export function cellHeight(notebook: Notebook, index: number): number {
  const model = listModelOf(notebook);
  return model?.windowingActive ? model.getSpan(index, index)[1] : 0;
}

function listModelOf(notebook: Notebook): WindowedListModel | null {
  const model: unknown = Reflect.get(notebook, 'viewModel');
  return model instanceof WindowedListModel ? model : null;
}
