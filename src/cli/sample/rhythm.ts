/** The five months of the first study, half-open, in milliseconds since 1970 (UTC). */
export const PERIOD_START = Date.UTC(2021, 0, 1);
export const PERIOD_END = Date.UTC(2021, 5, 1);

export const HOUR = 3_600_000;
const HOURS = (PERIOD_END - PERIOD_START) / HOUR;

/** Work on Sunday to Saturday, compared with a working day. */
const BY_WEEKDAY = [0.55, 1, 1.05, 1.05, 1, 0.95, 0.6];
/** The center's offset from UTC, in hours, and the hour of the day with most work there. */
const OFFSET = -8;
const BUSIEST = 15;
/** Growth of use over the whole period. */
const GROWTH = 0.25;

/**
 * When work arrives: a share of the period's work is mapped to the time by which it has arrived,
 * with nights, weekends and growth.
 */
export class Rhythm {
  constructor() {
    let sum = 0;
    for (let hour = 0; hour < HOURS; hour++) {
      const local = new Date(PERIOD_START + (hour + OFFSET) * HOUR);
      const swing = Math.cos(((local.getUTCHours() - BUSIEST) / 12) * Math.PI);
      const level = 1 + (GROWTH * hour) / HOURS;
      this._until[hour] = sum;
      sum += level * BY_WEEKDAY[local.getUTCDay()] * (1 + 0.4 * swing);
    }
    this._until[HOURS] = sum;
    for (let hour = 0; hour <= HOURS; hour++) {
      this._until[hour] /= sum;
    }
  }

  /**
   * The time by which a share of all work has arrived, in whole milliseconds since 1970.
   *
   * @param share From 0 to 1.
   */
  timeAt(share: number): number {
    let low = 0;
    let high = HOURS;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this._until[middle] <= share) {
        low = middle;
      } else {
        high = middle;
      }
    }
    const within =
      (share - this._until[low]) / (this._until[low + 1] - this._until[low]);
    return PERIOD_START + Math.floor((low + Math.min(within, 0.999999)) * HOUR);
  }

  private readonly _until = new Float64Array(HOURS + 1);
}
