import type { App } from './app.js';
import { discordApp } from './discord.js';
import { slackApp } from './slack.js';
import { telegramApp } from './telegram.js';
import type { Whose } from './threads.js';

/** The team's three apps. */
export const startApps = (seed: number, whose: Whose): Promise<App[]> =>
  Promise.all([telegramApp(seed, whose), discordApp(whose), slackApp(seed, whose)]);
