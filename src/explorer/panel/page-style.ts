import type { IThemeManager } from '@jupyterlab/apputils';
import { createContext, useContext, useEffect, useState } from 'react';

import type { IPageStyle } from '../../figure/style';
import { blend } from './colors';

/** How the page looks, for charts: they are drawn, so style sheets do not reach into them. */
export const PageStyleContext = createContext<IPageStyle>({});

export function usePageStyle(): IPageStyle {
  return useContext(PageStyleContext);
}

/** Read how the page looks, again after each change of JupyterLab's theme. */
export function useReadPageStyle(
  themeManager: IThemeManager | null,
  locale: string
): IPageStyle {
  const [style, setStyle] = useState<IPageStyle>(() =>
    readPageStyle(themeManager, locale)
  );
  useEffect(() => {
    let frame = 0;
    const read = () => {
      cancelAnimationFrame(frame);
      // The new style sheet holds from the next frame on.
      frame = requestAnimationFrame(() =>
        setStyle(readPageStyle(themeManager, locale))
      );
    };
    themeManager?.themeChanged.connect(read);
    read();
    return () => {
      cancelAnimationFrame(frame);
      themeManager?.themeChanged.disconnect(read);
    };
  }, [themeManager, locale]);
  return style;
}

function readPageStyle(
  themeManager: IThemeManager | null,
  locale: string
): IPageStyle {
  const probe = document.createElement('span');
  probe.style.display = 'none';
  probe.style.fontFamily = 'var(--jp-ui-font-family)';
  probe.style.fontSize = 'var(--jp-ui-font-size1)';
  document.body.appendChild(probe);
  const color = (name: string) => {
    // The browser resolves names, references and other notations.
    probe.style.color = `var(--jp-${name})`;
    return getComputedStyle(probe).color;
  };
  const page = color('layout-color1');
  const { fontFamily, fontSize } = getComputedStyle(probe);
  const { theme } = themeManager ?? {};
  const style: IPageStyle = {
    dark: theme ? !themeManager?.isLight(theme) : false,
    fontFamily,
    fontSize: parseFloat(fontSize) || 13,
    page,
    text: blend(color('ui-font-color1'), page),
    quiet: blend(color('ui-font-color2'), page),
    line: blend(color('border-color2'), page),
    locale
  };
  probe.remove();
  return style;
}
