import { BridgeError } from '@pocketping/core';
import type { APIChannel, Client } from 'discord.js';
import type { Discord } from './discord.js';
import { isId, type Place } from './parse.js';
import type { Settings } from './settings.js';

/** Channels that are remembered besides those that the gateway told of. */
const REMEMBERED = 1000;

/** Tells whether something was said where we listen. */
export class Places {
  readonly #settings: Settings;
  readonly #discord: Discord;
  readonly #client: () => Client<true> | undefined;
  /** Threads that the gateway did not tell of, such as those that were archived when we came, and what they belong to. */
  readonly #asked = new Map<string, string | null>();

  constructor(settings: Settings, discord: Discord, client: () => Client<true> | undefined) {
    this.#settings = settings;
    this.#discord = discord;
    this.#client = client;
  }

  /** Undefined for other channels, and for what is not known. */
  known(channelId: string): Place | undefined {
    if (channelId === this.#settings.chatId) return 'channel';
    if (this.#settings.kind !== 'threads') return undefined;
    return this.#parentOf(channelId) === this.#settings.chatId ? { threadId: channelId } : undefined;
  }

  /** The same; asks Discord where that is needed. @throws BridgeError */
  async of(channelId: string, signal: AbortSignal): Promise<Place | undefined> {
    // What is no id must not become part of an address.
    if (!isId(channelId)) return undefined;
    const isOpen = this.#settings.kind === 'threads' && channelId !== this.#settings.chatId;
    if (isOpen && this.#parentOf(channelId) === undefined) {
      if (this.#asked.size >= REMEMBERED) this.#asked.clear();
      this.#asked.set(channelId, await this.#ask(channelId, signal));
    }
    return this.known(channelId);
  }

  /** Null for channels that are in none; undefined for what is not known. */
  #parentOf(channelId: string): string | null | undefined {
    const channel = this.#client()?.channels.cache.get(channelId);
    if (!channel) return this.#asked.get(channelId);
    return channel.isThread() ? channel.parentId : null;
  }

  async #ask(channelId: string, signal: AbortSignal): Promise<string | null> {
    try {
      const path = `/channels/${channelId}` as const;
      const channel = await this.#discord.ask<APIChannel>({ method: 'GET', path, at: 'thread' }, signal);
      return 'parent_id' in channel ? (channel.parent_id ?? null) : null;
    } catch (error) {
      // What is gone, or not ours to see, is none of ours.
      if (isNotOurs(error)) return null;
      throw error;
    }
  }
}

/** A token that no longer counts says nothing about the channel; that the bot may not see it, does. */
const isNotOurs = (error: unknown): boolean =>
  BridgeError.isInstance(error) && (GONE.has(error.code) || /\(50001\)/.test(error.message));

const GONE: ReadonlySet<BridgeError['code']> = new Set(['thread_gone', 'misconfigured', 'invalid']);
