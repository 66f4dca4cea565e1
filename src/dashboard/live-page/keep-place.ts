/**
 * Keep a page where its reader has scrolled to, when Voilà's own scripts put its cells into a panel that scrolls by itself: they come
 * some time after the cells can be read.
 */
export function keepPlace(page: Document, cells: HTMLElement): void {
  const { body } = page;
  let place = 0;
  const note = (): void => {
    if (cells.parentElement === body) {
      place = page.scrollingElement?.scrollTop ?? 0;
    }
  };
  page.addEventListener('scroll', note, { passive: true });
  const observer = new ResizeObserver(() => {
    if (
      cells.parentElement !== body &&
      cells.scrollHeight > cells.clientHeight
    ) {
      cells.scrollTop = place;
      observer.disconnect();
      page.removeEventListener('scroll', note);
    }
  });
  observer.observe(cells);
}
