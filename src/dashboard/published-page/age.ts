import { Time } from '@jupyterlab/coreutils/lib/time';

/** Say in a published page how long ago it was published, beside the date. */
export function tellAge(page: Document): void {
  page
    .querySelectorAll<HTMLTimeElement>('footer time[datetime]')
    .forEach(time => {
      time.after(` (${Time.formatHuman(time.dateTime)})`);
    });
}
