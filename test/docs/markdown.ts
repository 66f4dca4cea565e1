import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** The project's root folder. */
export const ROOT = join(__dirname, '..', '..');

/** A page of the documentation. */
export interface IPage {
  /** Path below the project's root. */
  readonly path: string;
  readonly text: string;
}

/** A block of code between fences. */
export interface IFence {
  readonly page: string;
  readonly lang: string;
  /** What follows the language: what kind of example it is. */
  readonly info: string;
  readonly code: string;
}

/** All pages: those of `docs/`, and those at the root. */
export function pages(): IPage[] {
  const names = [
    'README.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    ...readdirSync(join(ROOT, 'docs'))
      .filter(name => name.endsWith('.md'))
      .map(name => `docs/${name}`)
  ];
  return names.map(path => ({
    path,
    text: readFileSync(join(ROOT, path), 'utf8')
  }));
}

/** One page of `docs/`. */
export function page(name: string): string {
  return readFileSync(join(ROOT, 'docs', name), 'utf8');
}

const FENCE = /^```(\S*)[ ]?(.*)\n([\s\S]*?)^```$/gm;

export function fences(): IFence[] {
  return pages().flatMap(({ path, text }) =>
    [...text.matchAll(FENCE)].map(([, lang, info, code]) => ({
      page: path,
      lang,
      info,
      code
    }))
  );
}

/** A link as it stands in a page. */
export interface ILink {
  readonly page: string;
  readonly target: string;
}

/** Links and pictures of all pages; those in code are none. */
export function links(): ILink[] {
  return pages().flatMap(({ path, text }) => {
    const prose = text.replace(FENCE, '').replace(/`[^`\n]*`/g, '');
    return [
      ...prose.matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g),
      ...prose.matchAll(/(?:src|srcset|href)="([^"]+)"/g)
    ].map(([, target]) => ({ page: path, target }));
  });
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchors(path: string): string[] {
  const text = readFileSync(join(ROOT, path), 'utf8').replace(FENCE, '');
  return [...text.matchAll(/^#+ +(.+)$/gm)].map(([, heading]) =>
    heading
      .replace(/[`*]/g, '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .trim()
      .replaceAll(' ', '-')
  );
}

/** The path, below the project's root, that a link of a page leads to. */
export function resolveLink({ page, target }: ILink): {
  path: string;
  anchor: string | null;
} {
  const [file, anchor] = target.split('#', 2);
  return {
    path: file === '' ? page : relative(ROOT, join(ROOT, dirname(page), file)),
    anchor: anchor ?? null
  };
}

/** Rows of the first table below a place in a text, as cells without backticks; without its head. */
export function table(text: string, after: string): string[][] {
  const start = text.indexOf(after);
  if (start < 0) {
    throw new Error(`“${after}” does not stand in the page.`);
  }
  const lines = text.slice(start + after.length).split('\n');
  const first = lines.findIndex(line => line.startsWith('|'));
  const rest = lines.slice(first);
  const end = rest.findIndex(line => !line.startsWith('|'));
  return rest.slice(2, end < 0 ? undefined : end).map(line =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map(cell => cell.trim())
  );
}

/** What stands in backticks. */
export function codes(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code);
}
