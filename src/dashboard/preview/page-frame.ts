import type { Message } from '@lumino/messaging';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';

/** How long a new page is watched until it is long enough to be scrolled to where the last one was, milliseconds. */
const PATIENCE = 60_000;

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

  /** What of the page scrolls: the page, or the largest of what does within it. */
  private _scroller(): Element | null {
    const page = this._frame.contentDocument;
    if (!page?.body) {
      return null;
    }
    const scrolls = (element: Element): boolean =>
      element.scrollHeight > element.clientHeight + 1 &&
      element.clientHeight > 0 &&
      /auto|scroll/.test(
        page.defaultView?.getComputedStyle(element).overflowY ?? ''
      );
    const whole = page.scrollingElement;
    if (whole && whole.scrollHeight > whole.clientHeight + 1) {
      return whole;
    }
    const [largest = null] = [...page.body.querySelectorAll('*')]
      .filter(scrolls)
      .sort((a, b) => b.clientHeight - a.clientHeight);
    return largest;
  }

  private _place(): number | null {
    return this._scroller()?.scrollTop ?? null;
  }

  /** Scroll to where the last page was as soon as the new one is so long, unless the reader scrolls first. */
  private _keepPlace(): void {
    this._stop();
    const wanted = this._wanted;
    if (wanted === 0) {
      return;
    }
    const old = this._frame.contentDocument;
    const until = performance.now() + PATIENCE;
    const tryAgain = (): void => {
      this._request = null;
      const page = this._frame.contentDocument;
      const scroller = page === old ? null : this._scroller();
      if (scroller) {
        scroller.scrollTop = wanted;
        if (scroller.scrollTop >= wanted - 1) {
          return;
        }
      }
      if (page !== old && page && page !== this._watched) {
        this._watched = page;
        for (const event of ['wheel', 'keydown', 'pointerdown']) {
          page.addEventListener(event, this._stop, { passive: true });
        }
      }
      if (performance.now() < until) {
        this._request = requestAnimationFrame(tryAgain);
      }
    };
    this._request = requestAnimationFrame(tryAgain);
  }

  private readonly _stop = (): void => {
    if (this._request !== null) {
      cancelAnimationFrame(this._request);
      this._request = null;
    }
  };

  private readonly _frame = document.createElement('iframe');
  private readonly _loaded = new Signal<this, void>(this);
  private _wanted = 0;
  private _request: number | null = null;
  private _watched: Document | null = null;
}
