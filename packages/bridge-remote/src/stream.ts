import { BridgeError, type Logger } from '@pocketping/core';
import { type TeamEvent, teamEvent } from '@pocketping/protocol';
import { jsonIn } from './json.js';
import { serverSentEvents } from './server-sent-events.js';

/** One thing that the stream tells. */
export interface Told {
  readonly event: TeamEvent;
  /** Where it stands; absent of what has no place. */
  readonly position?: number;
}

/**
 * What a stream tells, as it comes; `undefined` stands for a sign of life. What nobody here understands, as a newer server may
 * tell, is passed over. Ends with the stream.
 * @throws BridgeError `unavailable` where it breaks off
 */
export async function* toldBy(
  stream: ReadableStream<Uint8Array>,
  logger: Logger,
): AsyncGenerator<Told | undefined, void, void> {
  try {
    for await (const sent of serverSentEvents(stream)) {
      const told = sent && toldIn(sent);
      if (sent && !told)
        logger.warn({ id: sent.id }, 'passed over an event of the server that is not understood');
      yield told;
    }
  } catch (cause) {
    if (BridgeError.isInstance(cause)) throw cause;
    throw new BridgeError('unavailable', `The stream of events broke off: ${String(cause)}`, { cause });
  }
}

const toldIn = ({ id, data }: { readonly id?: string; readonly data: string }): Told | undefined => {
  const parsed = teamEvent.safeParse(jsonIn(data));
  if (!parsed.success) return undefined;
  return { event: parsed.data, ...(id !== undefined && /^\d{1,15}$/.test(id) && { position: Number(id) }) };
};
