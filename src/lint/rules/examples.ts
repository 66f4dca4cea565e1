import type { IExample } from '../rule';

/** Cells of examples, by role. */
type Cell = IExample['cells'][number];

export const upstream = (source: string): Cell => ({
  source,
  tags: ['upstream']
});

export const downstream = (source: string): Cell => ({
  source,
  tags: ['downstream']
});

export const shared = (source: string): Cell => ({
  source,
  tags: ['shared']
});

export const parameters = (source: string): Cell => ({
  source,
  tags: ['parameters']
});

export const untagged = (source: string): Cell => ({ source });

export const markdown = (source: string): Cell => ({
  source,
  type: 'markdown'
});
