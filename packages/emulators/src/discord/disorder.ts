import { type Random, shuffled } from '../telegram/random.js';
import type { Dispatch } from './guild.js';

type Event = readonly [name: string, payload: object];

/** Events on their way to the clients, which can be made to come twice, or in another order. */
export interface Disorder {
  readonly dispatch: (...event: Required<Parameters<Dispatch>>) => void;
  /** Each of the next `count` events comes `copies` times. @returns a function that withdraws it */
  repeat(copies: number, count: number): () => void;
  /** The next `count` events are held until all are there. @returns a function that lets go what is held, in order */
  reorder(count: number, random?: Random): () => void;
}

/** Only what people do is disturbed: what a client caused itself comes as it should. */
export const disorderly = (send: (...event: Event) => void): Disorder => {
  const repetitions: { readonly copies: number; left: number }[] = [];
  let held: { readonly events: Event[]; readonly count: number; readonly random?: Random } | undefined;

  const release = (inOrder: boolean) => {
    if (!held) return;
    const { events, random } = held;
    held = undefined;
    const mixed = random ? shuffled(events, random) : events.toReversed();
    for (const event of inOrder ? events : mixed) send(...event);
  };

  return {
    dispatch: (name, payload, cause) => {
      if (cause === 'bot') return send(name, payload);
      if (held) {
        held.events.push([name, payload]);
        if (held.events.length >= held.count) release(false);
        return;
      }
      const [repetition] = repetitions;
      for (let copy = 0; copy < (repetition?.copies ?? 1); copy++) send(name, payload);
      if (!repetition) return;
      repetition.left -= 1;
      if (repetition.left <= 0) repetitions.shift();
    },
    repeat: (copies, count) => {
      const entry = { copies, left: count };
      repetitions.push(entry);
      return () => {
        const at = repetitions.indexOf(entry);
        if (at >= 0) repetitions.splice(at, 1);
      };
    },
    reorder: (count, random) => {
      release(true);
      held = { events: [], count, ...(random && { random }) };
      return () => release(true);
    },
  };
};
