import type { EmulatorState } from './state.js';
import type { User } from './types.js';

export interface PersonName {
  /** What the others see, and what the emulator knows the person by. */
  readonly name: string;
  /** Without the `@`. */
  readonly username?: string;
}

/**
 * The person of that name, known from before or new.
 * @param id the id of somebody new; the next one unless told
 */
export function personNamed(state: EmulatorState, { name, username }: PersonName, id?: number): User {
  const known = [...state.users.values()].find((user) => !user.is_bot && user.first_name === name);
  if (known && (username === undefined || known.username === username)) return known;
  const user: User = {
    id: known?.id ?? id ?? state.nextUserId++,
    is_bot: false,
    first_name: name,
    ...(username === undefined ? {} : { username }),
    language_code: 'en',
  };
  state.users.set(user.id, user);
  return user;
}
