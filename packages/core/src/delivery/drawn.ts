import { BridgeError } from '../errors.js';
import type { Note, Part } from '../ports/index.js';
import { cardOf, type Lane } from './lane.js';

/** A bridge was at a loss with a note: no platform was asked. */
class NotDrawn extends Error {
  override readonly name = 'NotDrawn';
}

/**
 * What a bridge makes of a note. To render is pure: what it cannot render now it cannot render ever, so a conversation must not
 * wait for it.
 * @throws BridgeError `invalid`, whatever the bridge threw
 */
export const drawn = ({ platform: { bridge }, session }: Lane, note: Note): readonly Part[] => {
  try {
    const parts: unknown = bridge.render(note, cardOf(session));
    if (!Array.isArray(parts)) throw new TypeError('render gave no list of parts');
    return parts;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new BridgeError('invalid', `${bridge.name} cannot render it: ${why}.`, {
      cause: new NotDrawn(why, { cause: error }),
    });
  }
};

/** Whether that is what {@link drawn} throws, and no refusal of the platform's. */
export const wasNotDrawn = ({ cause }: BridgeError): boolean => cause instanceof NotDrawn;
