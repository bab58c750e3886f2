import { randomBytes } from 'node:crypto';

/** A bot's token in the usual form: its id, when it was made, and a secret. */
export const tokenFor = (botId: string): string =>
  [Buffer.from(botId), randomBytes(4), randomBytes(28)].map((part) => part.toString('base64url')).join('.');
