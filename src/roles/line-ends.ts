/**
 * Line ends of sources as stored, and as an editor has them.
 *
 * A notebook may hold `\r\n`, and JupyterLab's shared model keeps it. CodeMirror takes each line end for one unit, so that offsets in an
 * editor are smaller than those in the source by one for every `\r\n` before them. JupyterLab's binding of the two knows nothing of it.
 */

/** Whether an editor's text differs from the source in its line ends. */
export function hasOtherLineEnds(source: string): boolean {
  return source.includes('\r');
}

/** The text of an editor that shows a source. */
export function editorText(source: string): string {
  return hasOtherLineEnds(source) ? source.replace(/\r\n?/g, '\n') : source;
}

/** The offset in an editor's text that stands for one in the source; UTF-16 units. Within a line end it is the end of the line. */
export function editorOffset(source: string, offset: number): number {
  let pairs = 0;
  let at = source.indexOf('\r\n');
  while (at >= 0 && at < offset) {
    pairs++;
    at = source.indexOf('\r\n', at + 2);
  }
  return offset - pairs;
}

/** The offset in the source for which one in an editor's text stands; UTF-16 units. */
export function sourceOffset(source: string, offset: number): number {
  let pairs = 0;
  let at = source.indexOf('\r\n');
  while (at >= 0 && at - pairs < offset) {
    pairs++;
    at = source.indexOf('\r\n', at + 2);
  }
  return offset + pairs;
}
