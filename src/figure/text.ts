import { numberText } from '../workload/format';

/** Text in charts: Plotly knows neither widths beforehand nor plain text. */

/** Plain text as Plotly's pseudo-HTML: names from data must not become tags or links. */
export function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\r\n]+/g, ' ');
}

/** Plain text as Plotly's pseudo-HTML in a colour, for traces whose texts all share one. */
export function colored(text: string, color: string): string {
  return `<span style="color:${color}">${escapeText(text)}</span>`;
}

/**
 * A count in few characters, with the letters of Plotly's axes: 950, 1.2k, 3M.
 */
export function shortCount(count: number, locale: string): string {
  const power = Math.min(3, Math.floor(Math.log10(Math.max(1, count)) / 3));
  // 999,950 would be 1,000k.
  const unit = count / 1000 ** power >= 999.5 ? Math.min(3, power + 1) : power;
  return `${numberText(count / 1000 ** unit, locale)}${['', 'k', 'M', 'G'][unit]}`;
}

/** Width in pixels that a text takes at most, about, in a sans-serif font. */
export function textWidth(text: string, size: number): number {
  let em = 0;
  for (const char of text) {
    em += /[ilj.,'|:;!()[\]t f]/.test(char)
      ? 0.34
      : /[mwMW@%]/.test(char)
        ? 0.9
        : /[A-Z]/.test(char)
          ? 0.7
          : char > '\u2e7f'
            ? 1
            : 0.58;
  }
  return em * size;
}

/** The widest of some texts, in pixels. */
export function widest(texts: readonly string[], size: number): number {
  return texts.reduce((most, text) => Math.max(most, textWidth(text, size)), 0);
}

/** A text cut with an ellipsis where it would be wider. */
export function fitted(text: string, width: number, size: number): string {
  if (textWidth(text, size) <= width) {
    return text;
  }
  const chars = [...text];
  while (chars.length > 1 && textWidth(`${chars.join('')}…`, size) > width) {
    chars.pop();
  }
  return `${chars.join('')}…`;
}

/** Break a text into lines of at most a width, at blanks. */
export function wrapped(text: string, width: number, size: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && textWidth(`${line} ${word}`, size) <= width) {
      lines[lines.length - 1] = `${line} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines;
}

const STEPS = [1, 2, 3, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000];

/** Every how many labels one can be shown, when each needs so many pixels of those that all share. */
export function labelStep(count: number, length: number, need: number): number {
  const least = (count * need) / Math.max(1, length);
  return STEPS.find(step => step >= least - 1e-9) ?? Math.ceil(least);
}
