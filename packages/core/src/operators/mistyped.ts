import type { CommandSummary } from '../ports/index.js';
import { typedCommand } from './typed-command.js';

/** With these, commands begin on one platform or another, in full width on some keyboards. */
const SIGNS = ['/', '!', '／', '！'];

/** The command that somebody typed as another platform wants it, where it is read as words. */
export const mistyped = (text: string, commands: readonly CommandSummary[]): string | undefined =>
  SIGNS.map((sign) => typedCommand(text, sign, commands)?.name).find((meant) =>
    commands.some(({ name }) => name === meant),
  );
