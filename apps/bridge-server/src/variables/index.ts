import { discordVariables } from './discord.js';
import { serverVariables } from './server.js';
import { slackVariables } from './slack.js';
import { telegramVariables } from './telegram.js';
import type { Variable, Variables } from './variable.js';

export { discordVariables, serverVariables, slackVariables, telegramVariables };

/** What a variable, and a problem with it, concerns. */
export type Part = 'server' | Platform;
export type Platform = 'telegram' | 'discord' | 'slack';

/** Every variable there is, by what it concerns. */
export const parts: Readonly<Record<Part, Variables>> = {
  server: serverVariables,
  telegram: telegramVariables,
  discord: discordVariables,
  slack: slackVariables,
};

/** Every name that may be set, that of a secret's file included, and what it concerns. */
export const names = (): ReadonlyMap<string, Part> =>
  new Map(
    (Object.entries(parts) as [Part, Variables][]).flatMap(([part, table]) =>
      Object.values(table).flatMap((variable) => namesOf(variable).map((name) => [name, part] as const)),
    ),
  );

export const fileOf = ({ name }: Variable): string => `${name}_FILE`;

const namesOf = (variable: Variable): readonly string[] =>
  variable.secret ? [variable.name, fileOf(variable)] : [variable.name];
