import type { Message } from '@lumino/messaging';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';

/** How long a new page is watched until it is long enough to be scrolled to where the last one was, milliseconds. */
const PATIENCE = 60_000;
/** How long its place has to stay, milliseconds. */
const HELD = 3000;
/** How often it is looked at, milliseconds: a look has the page laid out. */
const INTERVAL = 100;

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
    this._wanted = this._place() ?? this._wanted;
    this._frame.src = url;
    this._keepPlace();
  }

  protected override onBeforeDetach(message: Message): void {
    super.onBeforeDetach(message);
    this._stop();
  }

  private readonly _onLoad = (): void => {
    if (this._frame.src !== '') {
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
    const overflow = (element: Element): string =>
      page.defaultView?.getComputedStyle(element).overflowY ?? '';
    const [farthest = null] = [
      ...(page.scrollingElement ? [page.scrollingElement] : []),
      ...page.body.querySelectorAll('*')
    ]
      .filter(
        element =>
          room(element) > 1 &&
          (element === page.scrollingElement ||
            /auto|scroll/.test(overflow(element)))
      )
      .sort((a, b) => room(b) - room(a));
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
   * held until it has stayed for a while.
   */
  private _keepPlace(): void {
    this._stop();
    const wanted = this._wanted;
    if (wanted === 0) {
      return;
    }
    const old = this._frame.contentDocument;
    const until = performance.now() + PATIENCE;
    let watched: Document | null = null;
    let since: number | null = null;
    const look = (): void => {
      const page = this._frame.contentDocument;
      if (page && page !== old) {
        if (page !== watched) {
          watched = page;
          for (const event of ['wheel', 'keydown', 'pointerdown']) {
            page.addEventListener(event, this._stop, { passive: true });
          }
        }
        const now = performance.now();
        since = this._isHeld(wanted) ? (since ?? now) : null;
        if (since !== null && now - since > HELD) {
          return;
        }
      }
      if (performance.now() < until) {
        this._timer = window.setTimeout(look, INTERVAL);
      }
    };
    look();
  }

  /** Whether the page was where it is to be; if not, it is scrolled there as far as it goes. */
  private _isHeld(wanted: number): boolean {
    const scroller = this._scroller();
    if (!scroller) {
      return false;
    }
    const isThere = Math.abs(scroller.scrollTop - wanted) < 1;
    if (!isThere) {
      scroller.scrollTop = wanted;
    }
    return isThere;
  }

  private readonly _stop = (): void => {
    window.clearTimeout(this._timer);
  };

  private readonly _frame = document.createElement('iframe');
  private readonly _loaded = new Signal<this, void>(this);
  private _wanted = 0;
  private _timer: number | undefined = undefined;
}
