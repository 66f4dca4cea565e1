/** Something that happens at a time, in milliseconds since 1970. */
export interface ITimed {
  readonly next: number;
}

/** What is to come, soonest first: a binary heap. Equal times keep no order of their own. */
export class EventQueue<T extends ITimed> {
  /** The soonest, if any. */
  get first(): T | undefined {
    return this._heap[0];
  }

  add(item: T): void {
    const heap = this._heap;
    let place = heap.length;
    heap.push(item);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (heap[parent].next <= item.next) {
        break;
      }
      heap[place] = heap[parent];
      place = parent;
    }
    heap[place] = item;
  }

  /** Put the first in its place again after its time was changed. */
  moveFirst(): void {
    if (this._heap.length > 0) {
      this._sink(this._heap[0]);
    }
  }

  removeFirst(): void {
    const last = this._heap.pop();
    if (last !== undefined && this._heap.length > 0) {
      this._sink(last);
    }
  }

  /** Let an item sink from the top. */
  private _sink(item: T): void {
    const heap = this._heap;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) {
        break;
      }
      if (child + 1 < heap.length && heap[child + 1].next < heap[child].next) {
        child++;
      }
      if (item.next <= heap[child].next) {
        break;
      }
      heap[place] = heap[child];
      place = child;
    }
    heap[place] = item;
  }

  private readonly _heap: T[] = [];
}
