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

  /** Emitted when the page is lost, because the frame was moved to another place in the browser's page: browsers empty such a frame. */
  get emptied(): ISignal<this, void> {
    return this._emptied;
  }

  /** Show another page. */
  open(url: string): void {
    this._notePlace();
    const page = this._frame.contentWindow;
    if (this._isOpen && page) {
      // The browser's way back leads out of the preview, not to older pages in it.
      page.location.replace(url);
    } else {
      this._frame.src = url;
    }
    this._isOpen = true;
    this._loadedAt = null;
    this._isHeld = this._wanted !== 0;
    this._keepPlace(this._frame.contentDocument);
  }

  protected override onBeforeDetach(message: Message): void {
    super.onBeforeDetach(message);
    this._leavePlace();
    if (this._isOpen) {
      this._isOpen = false;
      this._isEmptied = true;
      // Else the browser asked for the first page again.
      this._frame.removeAttribute('src');
    }
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    if (this._isEmptied) {
      this._isEmptied = false;
      this._emptied.emit();
    }
  }

  protected override onBeforeHide(message: Message): void {
    super.onBeforeHide(message);
    // What is hidden scrolls nowhere.
    this._leavePlace();
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this._loadedAt &&= performance.now();
    this._keepPlace(null);
  }

  private readonly _onLoad = (): void => {
    // An empty frame is loaded, too.
    if (this._isOpen && this._frame.contentDocument?.URL !== 'about:blank') {
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

  /** Note where the reader is. A page that is not yet where it is to be says nothing of that. */
  private _notePlace(): void {
    if (!this._isHeld) {
      this._wanted = this._scroller()?.scrollTop ?? this._wanted;
    }
  }

  /** Come back to where the reader is when the page is seen again. */
  private _leavePlace(): void {
    this._notePlace();
    this._stopLooking();
  }

  /**
   * Scroll to where the last page was, unless the reader scrolls first.
   *
   * @param old A page that is to be left as it is; null where none is.
   *
   * #### Notes
   * A page of Voilà grows while cells run, and is laid out anew once they have: what scrolls is another element then. So the place is
   * held until some time after the page was loaded, and seen.
   */
  private _keepPlace(old: Document | null): void {
    this._stopLooking();
    if (!this._isHeld || !this.isVisible) {
      return;
    }
    const wanted = this._wanted;
    let watched: Document | null = null;
    const look = (): void => {
      const page = this._frame.contentDocument;
      if (page && page !== old) {
        if (page !== watched) {
          watched = page;
          for (const event of ['wheel', 'keydown', 'pointerdown']) {
            page.addEventListener(event, this._letGo, { passive: true });
          }
        }
        const scroller = this._scroller();
        if (scroller && Math.abs(scroller.scrollTop - wanted) >= 1) {
          scroller.scrollTop = wanted;
        }
      }
      const { _loadedAt: loaded } = this;
      if (loaded !== null && performance.now() - loaded > HELD) {
        this._letGo();
      } else {
        this._timer = window.setTimeout(look, INTERVAL);
      }
    };
    look();
  }

  /** The page stays where it is, or goes where the reader scrolls it. */
  private readonly _letGo = (): void => {
    this._isHeld = false;
    this._stopLooking();
  };

  private _stopLooking(): void {
    if (this._timer !== null) {
      window.clearTimeout(this._timer);
      this._timer = null;
    }
  }

  private readonly _frame = document.createElement('iframe');
  private readonly _loaded = new Signal<this, void>(this);
  private readonly _emptied = new Signal<this, void>(this);
  /** Whether there is a page in the frame, or will be. */
  private _isOpen = false;
  private _isEmptied = false;
  private _loadedAt: number | null = null;
  /** What scrolled at the last look. */
  private _last: Element | null = null;
  private _wanted = 0;
  /** Whether the page is still to be where the last one was. */
  private _isHeld = false;
  private _timer: number | null = null;
}
