/** A function that does something at the end of this turn of the event loop, once however often it is called. */
export function oncePerTurn(action: () => void): () => void {
  let isDue = false;
  return () => {
    if (!isDue) {
      isDue = true;
      queueMicrotask(() => {
        isDue = false;
        action();
      });
    }
  };
}
