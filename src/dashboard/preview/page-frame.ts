import type { Message } from '@lumino/messaging';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';

/** How long after a page was loaded it is still held to where the last one was scrolled to, milliseconds: it is laid out once more then. */
const HELD = 3000;
/** How often it is looked at, milliseconds: a look has the page laid out. */
const INTERVAL = 200;

/** A page of Voilà, which stays where it was scrolled to when the next one comes. */
export class PageFrame extends Widget {
  constructor(title: string) {
    super();
    this.addClass('jp-WorkloadPreview-page');
    this._frame.title = title;
    this._frame.addEventListener('load', this._onLoad);
    this.node.append(this._frame);
  }

  /** Emitted when a page has arrived as a whole. */
  get loaded(): ISignal<this, void> {
    return this._loaded;
  }

  /** Show another page. */
  open(url: string): void {
    // A page that is not yet where it is to be says nothing of where the reader was.
    this._wanted =
      (this._timer === null ? this._place() : null) ?? this._wanted;
    const page = this._frame.contentWindow;
    if (this._isOpen && page) {
      // The browser's way back leads out of the preview, not to older pages in it.
      page.location.replace(url);
    } else {
      this._frame.src = url;
    }
    this._isOpen = true;
    this._keepPlace();
  }

  protected override onBeforeDetach(message: Message): void {
    super.onBeforeDetach(message);
    this._stop();
  }

  private readonly _onLoad = (): void => {
    if (this._isOpen) {
      this._loadedAt = performance.now();
      this._loaded.emit();
    }
  };

  /** What of the page scrolls farthest: the page, or a part of it. */
  private _scroller(): Element | null {
    const page = this._frame.contentDocument;
    if (!page?.body) {
      return null;
    }
    const room = (element: Element): number =>
      element.scrollHeight - element.clientHeight;
    if (this._last?.isConnected && room(this._last) > 1) {
      return this._last;
    }
    const overflow = (element: Element): string =>
      page.defaultView?.getComputedStyle(element).overflowY ?? '';
    const [farthest = null] = [
      ...(page.scrollingElement ? [page.scrollingElement] : []),
      ...page.body.querySelectorAll('div, main, section')
    ]
      .filter(
        element =>
          room(element) > 1 &&
          (element === page.scrollingElement ||
            /auto|scroll/.test(overflow(element)))
      )
      .sort((a, b) => room(b) - room(a));
    this._last = farthest;
    return farthest;
  }

  private _place(): number | null {
    return this._scroller()?.scrollTop ?? null;
  }

  /**
   * Scroll to where the last page was, unless the reader scrolls first.
   *
   * #### Notes
   * A page of Voilà grows while cells run, and is laid out anew once they have: what scrolls is another element then. So the place is
   * held until some time after the page was loaded.
   */
  private _keepPlace(): void {
    this._stop();
    this._loadedAt = null;
    const wanted = this._wanted;
    if (wanted === 0) {
      return;
    }
    const old = this._frame.contentDocument;
    let watched: Document | null = null;
    const look = (): void => {
      const page = this._frame.contentDocument;
      if (page && page !== old) {
        if (page !== watched) {
          watched = page;
          for (const event of ['wheel', 'keydown', 'pointerdown']) {
            page.addEventListener(event, this._stop, { passive: true });
          }
        }
        const scroller = this._scroller();
        if (scroller && Math.abs(scroller.scrollTop - wanted) >= 1) {
          scroller.scrollTop = wanted;
        }
      }
      const { _loadedAt: loaded } = this;
      this._timer =
        loaded !== null && performance.now() - loaded > HELD
          ? null
          : window.setTimeout(look, INTERVAL);
    };
    look();
  }

  private readonly _stop = (): void => {
    if (this._timer !== null) {
      window.clearTimeout(this._timer);
      this._timer = null;
    }
  };

  private readonly _frame = document.createElement('iframe');
  private readonly _loaded = new Signal<this, void>(this);
  private _isOpen = false;
  private _loadedAt: number | null = null;
  /** What scrolled at the last look. */
  private _last: Element | null = null;
  private _wanted = 0;
  private _timer: number | null = null;
}
