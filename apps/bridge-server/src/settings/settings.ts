import type { DiscordBridgeOptions } from '@pocketping/bridge-discord';
import type { SlackBridgeOptions } from '@pocketping/bridge-slack';
import type { TelegramBridgeOptions } from '@pocketping/bridge-telegram';
import type { Platform } from '../variables/index.js';
import { readDiscord } from './discord.js';
import type { Environment, Problem } from './problem.js';
import { readServer, type ServerSettings } from './server.js';
import { readSlack } from './slack.js';
import { readTelegram } from './telegram.js';
import { unknownIn } from './unknown.js';

/** The bridges that the environment describes without a contradiction. */
export interface BridgeSettings {
  readonly telegram?: TelegramBridgeOptions;
  readonly discord?: DiscordBridgeOptions;
  readonly slack?: SlackBridgeOptions;
}

/** What the environment says. */
export interface Settings {
  /** Undefined where there are problems with it. */
  readonly server: ServerSettings | undefined;
  readonly bridges: BridgeSettings;
  readonly problems: readonly Problem[];
  /** What is worth knowing, and keeps nothing from running. */
  readonly notes: readonly string[];
  /** The texts that no log may have. */
  readonly secrets: readonly string[];
}

/** A part of the environment, with its sense where it makes any. */
export interface Section<Options> {
  /** Undefined where it is not configured, or has problems. */
  readonly options: Options | undefined;
  readonly problems: readonly Problem[];
  readonly secrets: readonly string[];
}

/**
 * Reads everything, and finds all problems at once. Never throws.
 * @param base the folder that relative paths are relative to
 */
export const settingsFrom = (env: Environment, base: string): Settings => {
  const server = readServer(env, base);
  const telegram = readTelegram(env, server.publicUrl);
  const discord = readDiscord(env);
  const slack = readSlack(env);
  const unknown = unknownIn(env);
  const sections = [server, telegram, discord, slack];
  const problems = [...sections.flatMap((section) => section.problems), ...unknown.problems];
  const without = (part: Problem['concerns']) => !problems.some(({ concerns }) => concerns === part);
  const usable = <Options>(part: Platform, { options }: Section<Options>) =>
    without(part) && options !== undefined ? { [part]: options } : {};
  return {
    server: without('server') ? server.options : undefined,
    bridges: { ...usable('telegram', telegram), ...usable('discord', discord), ...usable('slack', slack) },
    problems,
    notes: unknown.notes,
    secrets: sections.flatMap((section) => section.secrets),
  };
};
