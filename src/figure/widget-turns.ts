/** The end of the last draw, and of the frame after it. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Draw when all that was asked before is drawn and on the screen: a board's first chart shows when it is ready, not when all are.
 */
export function inTurn<T>(draw: () => Promise<T>): Promise<T> {
  const turn = last.then(draw);
  last = turn.then(shown, shown);
  return turn;
}

/** A hidden page paints no frames, so it is not waited for longer than this, in milliseconds. */
const MOST_WAIT = 50;

/** Resolves once the browser has had the time to paint. */
function shown(): Promise<void> {
  return new Promise(resolve => {
    const late = setTimeout(resolve, MOST_WAIT);
    requestAnimationFrame(() => {
      clearTimeout(late);
      // Frames are asked for before the paint; a task comes after it.
      setTimeout(resolve);
    });
  });
}
