import { type Random, shuffled } from './random.js';
import type { UpdatePayloads, UpdateType } from './types.js';

/** Something the bot is to be told of. */
export interface Happening {
  /** Counts up. */
  readonly number: number;
  /** Unix time in milliseconds. */
  readonly at: number;
  readonly type: UpdateType;
  readonly payload: UpdatePayloads[UpdateType];
}

/** Happenings in the order in which they are handed out. */
export type HandOut = readonly Happening[];

interface Rule {
  /** Whether it wants this one, to hold it back. */
  holds(happening: Happening): boolean;
  /** What it held, as it is handed out, once it has all it wanted. */
  readonly released: HandOut | undefined;
  /** What it holds, as it came. */
  readonly held: Happening[];
}

/** Holds happenings back and hands them out in another order, as told. Without a rule everything passes as it comes. */
export class Disorder {
  readonly #rules: Rule[] = [];

  /** The next `count` happenings come all at once: shuffled, or the last one first. */
  reorder(count: number, random: Random | undefined): Rule {
    const held: Happening[] = [];
    return this.#add({
      held,
      holds: () => held.length < count,
      get released() {
        if (held.length < count) return undefined;
        return random ? shuffled(held, random) : held.toReversed();
      },
    });
  }

  /** The next new message comes only after its first edit. */
  editFirst(): Rule {
    const held: Happening[] = [];
    return this.#add({
      held,
      holds: (happening) =>
        held.length === 0
          ? happening.type === 'message' && saysSomething(happening)
          : happening.type === 'edited_message' && sameMessage(happening, held[0]!),
      get released() {
        return held.length < 2 ? undefined : held.toReversed();
      },
    });
  }

  /** What can be handed out now, as a happening comes. */
  pass(happening: Happening): HandOut {
    const rule = this.#rules.find((one) => one.holds(happening));
    if (!rule) return [happening];
    rule.held.push(happening);
    const { released } = rule;
    if (released) this.#remove(rule);
    return released ?? [];
  }

  /** Ends a rule. @returns what it still held, as it came */
  withdraw(rule: Rule): HandOut {
    return this.#remove(rule) ? rule.held : [];
  }

  /** Forgets all rules, and what they hold. */
  clear(): void {
    this.#rules.length = 0;
  }

  #add(rule: Rule): Rule {
    this.#rules.push(rule);
    return rule;
  }

  #remove(rule: Rule): boolean {
    const at = this.#rules.indexOf(rule);
    if (at >= 0) this.#rules.splice(at, 1);
    return at >= 0;
  }
}

const saysSomething = ({ payload }: Happening): boolean => 'text' in payload || 'photo' in payload;

const sameMessage = ({ payload: left }: Happening, { payload: right }: Happening): boolean =>
  'message_id' in left &&
  'message_id' in right &&
  left.message_id === right.message_id &&
  left.chat.id === right.chat.id;
