/** Prompts that IPython takes off a pasted session: how its first line begins, and how each does that has one. */
const PROMPTS: readonly (readonly [RegExp, RegExp])[] = [
  [/^>>>(?: |$)/, /^(?:>>>|\.\.\.)(?: |$)/],
  [
    /^(?:\[(?:nav|ins)\])? ?In \[\d+\]: /,
    /^(?:(?:\[(?:nav|ins)\])? ?In \[\d+\]: | *\.{3,}: ?)/
  ]
];

/** The source with blanks in place of the prompts that IPython takes off, as of a pasted session: `>>> x = 1`, `In [1]: x = 1`. */
export function withoutPrompts(value: string): string {
  if (!/^\s*(?:>>>|\[|In \[)/.test(value)) {
    return value;
  }
  const [start] = /^(?:[ \t]*[\r\n])*/.exec(value) ?? [''];
  const lines = value.slice(start.length).split(/(\r\n|\r|\n)/);
  const indent = /^[ \t]*/.exec(lines[0])?.[0] ?? '';
  const bare = (line: string): string =>
    line.startsWith(indent) ? line.slice(indent.length) : line;
  const [, prompt] =
    PROMPTS.find(([initial]) => initial.test(bare(lines[0]))) ?? [];
  return prompt === undefined
    ? value
    : start +
        lines
          .map(line => {
            const rest = bare(line);
            const [found] = prompt.exec(rest) ?? [''];
            return (
              line.slice(0, line.length - rest.length) +
              ' '.repeat(found.length) +
              rest.slice(found.length)
            );
          })
          .join('');
}
