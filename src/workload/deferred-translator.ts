import type { ITranslator } from './translator';

/**
 * Texts that are made in one thread and translated in another.
 *
 * A worker does not have JupyterLab's translations. There, `deferring` stands in for the translator: its texts carry the message and its
 * arguments between two characters that no text has, and the page puts the translation in their place, also inside other texts.
 */

const OPEN = '\u0001';
const CLOSE = '\u0002';

type Message =
  | readonly [text: string, args: readonly (string | number)[]]
  | readonly [
      singular: string,
      plural: string,
      n: number,
      args: readonly (string | number)[]
    ];

/** A translator whose texts are to be given to `translateDeferred`. */
export const deferring: ITranslator = {
  __: (text, ...args) => encode([text, args]),
  _n: (singular, plural, n, ...args) => encode([singular, plural, n, args])
};

function encode(message: Message): string {
  // JSON escapes control characters, so those of a text in the arguments end nothing.
  return OPEN + JSON.stringify(message) + CLOSE;
}

const MESSAGES = new RegExp(`${OPEN}([^${CLOSE}]*)${CLOSE}`, 'g');

/** The text with each deferred message translated; a text without any stays as it is. */
export function translateDeferred(text: string, trans: ITranslator): string {
  return text.replace(MESSAGES, (whole, json: string) => {
    const message = decode(json);
    if (!message) {
      return whole;
    }
    const args = (message[message.length - 1] as (string | number)[]).map(
      arg => (typeof arg === 'string' ? translateDeferred(arg, trans) : arg)
    );
    // The messages stand where they are made, and are found there by those who translate.
    /* eslint-disable jupyter/no-dynamic-translation */
    return message.length === 2
      ? trans.__(message[0], ...args)
      : trans._n(message[0], message[1], message[2], ...args);
    /* eslint-enable jupyter/no-dynamic-translation */
  });
}

/** Null for a text of somebody else's that happens to hold our characters. */
function decode(json: string): Message | null {
  try {
    return JSON.parse(json) as Message;
  } catch {
    return null;
  }
}
