import { DEFAULT_LOCALE } from '../workload/format';
import type { Filter } from '../workload/query';
import { DARK, LIGHT } from './palettes';
import type { IPalette } from './palettes';

/** How a figure is drawn, and how large: plain data, read from the page by whoever draws. */
export interface IFigureStyle {
  /** Pixels of the drawing area; decide on how much is named. */
  readonly width: number;
  readonly height: number;
  readonly dark: boolean;
  readonly fontFamily: string;
  /** Pixels. */
  readonly fontSize: number;
  /** The page under the chart, its text, its quieter text, and lines. */
  readonly page: string;
  readonly text: string;
  readonly quiet: string;
  readonly line: string;
  readonly palette: IPalette;
  readonly locale: string;
  /** Conditions on what this very chart shows: marks that meet them are drawn in the accent, the rest grey. */
  readonly selected: readonly Filter[];
}

/** What a page tells of itself: values of `--jp-*` variables. All may be left out. */
export interface IPageStyle {
  readonly dark?: boolean;
  readonly fontFamily?: string;
  readonly fontSize?: number;
  readonly page?: string;
  readonly text?: string;
  readonly quiet?: string;
  readonly line?: string;
  readonly accent?: string;
  readonly locale?: string;
  readonly selected?: readonly Filter[];
}

/** A complete style from what is known of the page; also for images and cells, which have no page. */
export function figureStyle(
  size: { readonly width: number; readonly height: number },
  page: IPageStyle = {}
): IFigureStyle {
  const dark = page.dark ?? false;
  const palette = dark ? DARK : LIGHT;
  return {
    width: size.width,
    height: size.height,
    dark,
    fontFamily:
      page.fontFamily ??
      'system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif',
    fontSize: page.fontSize ?? 13,
    page: page.page ?? (dark ? '#111111' : '#ffffff'),
    text: page.text ?? (dark ? '#ffffff' : '#212121'),
    quiet: page.quiet ?? (dark ? '#bdbdbd' : '#616161'),
    line: page.line ?? (dark ? '#424242' : '#e0e0e0'),
    palette: page.accent ? { ...palette, accent: page.accent } : palette,
    locale: page.locale ?? DEFAULT_LOCALE,
    selected: page.selected ?? []
  };
}
