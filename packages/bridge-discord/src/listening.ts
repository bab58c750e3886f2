import {
  BridgeError,
  type BridgeHost,
  type Cancel,
  type Clock,
  type CommandSummary,
  type Instant,
} from '@pocketping/core';
import type {
  APIMessage,
  Client,
  GatewayMessageDeleteBulkDispatchData,
  GatewayMessageDeleteDispatchData,
  GatewayTypingStartDispatchData,
} from 'discord.js';
import { admit, findChannel, grant } from './advice.js';
import type { Discord } from './discord.js';
import { connect, type Line } from './gateway.js';
import { Intake } from './intake.js';
import { deletion, isId, parse } from './parse.js';
import { Places } from './places.js';
import type { Ears } from './room.js';
import type { Settings } from './settings.js';

/** Milliseconds for a connection to stand. */
const PATIENCE_MS = 45_000;

/** Milliseconds for which an interruption is nobody's concern: Discord asks to connect again now and then. */
const CALM_MS = 10_000;

/** Milliseconds after which a connection is tried again that only a person can repair. */
const REPAIR_MS = 60_000;

/** Milliseconds a sign of life may have been under way, and our clock ahead of Discord’s. */
const LAG_MS = 10_000;

/** Posts of ours that are remembered as being removed. */
const REMEMBERED = 1000;

/** Listens to the gateway from `begin` until `end`, whatever happens to the connection. */
export class Listening {
  readonly #settings: Settings;
  readonly #discord: Discord;
  readonly #ears: Ears;
  readonly #host: BridgeHost;
  readonly #stop = new AbortController();
  readonly #intake: Intake;
  readonly #places: Places;
  readonly #removing = new Set<string>();
  #line: Line | undefined;
  #alarm: Cancel | undefined;
  #broken = false;
  /** It worked once: what happens from now on is told of, and mended. */
  #stands = false;
  #aliveAt: Instant | undefined;
  #deafSince: Instant | undefined;
  #repairing: Promise<void> | undefined;

  constructor(settings: Settings, discord: Discord, ears: Ears, host: BridgeHost) {
    this.#settings = settings;
    this.#discord = discord;
    this.#ears = ears;
    this.#host = host;
    this.#intake = new Intake(host, this.#stop.signal);
    this.#places = new Places(settings, discord, () => this.#line?.client);
  }

  /** Resolves when the bot hears and may do what it has to. @throws BridgeError saying what to click */
  async begin(): Promise<void> {
    try {
      const line = await this.#connect();
      await this.#check(line.client);
      this.#stands = true;
    } catch (error) {
      await this.end();
      throw error;
    }
    if (this.#stop.signal.aborted) await this.#line?.close();
  }

  get clock(): Clock {
    return this.#host.clock;
  }

  /**
   * Since when it may have heard nothing although the connection seemed to stand: a line that is dead is noticed only
   * when a heartbeat goes unanswered. Undefined when it heard all there was.
   */
  get deafSince(): Instant | undefined {
    return this.#deafSince;
  }

  /** What was missed from then on is known now. */
  caughtUp(since: Instant | undefined): void {
    if (this.#deafSince === since) this.#deafSince = undefined;
  }

  /** Everything that the team can type. */
  get commands(): readonly CommandSummary[] {
    return this.#host.commands;
  }

  /** The bot is about to remove a message: Discord will report that like any deletion, and nobody needs to hear of it. */
  removing(messageId: string): void {
    if (this.#removing.size >= REMEMBERED) this.#removing.clear();
    this.#removing.add(messageId);
  }

  /** Resolves when nothing more is handed over. */
  async end(): Promise<void> {
    this.#stop.abort();
    this.#alarm?.();
    await this.#line?.close();
    await Promise.all([this.#intake.settled(), this.#repairing]);
  }

  async #connect(): Promise<Line> {
    const deadline = new AbortController();
    const cancel = this.#host.clock.schedule(PATIENCE_MS, () => deadline.abort());
    const signal = AbortSignal.any([deadline.signal, this.#stop.signal]);
    try {
      this.#line = await connect(this.#settings, this.#discord, this.#hooks(), signal);
      return this.#line;
    } finally {
      cancel();
    }
  }

  #hooks() {
    return {
      heard: (name: string, payload: unknown) => {
        try {
          this.#hear(name, payload);
        } catch (err) {
          this.#host.logger.error({ err, name }, 'Did not understand a Discord event; passed over it');
        }
      },
      unread: (err?: unknown) => {
        this.#host.logger.error({ err }, 'Did not understand what came from Discord; passed over it');
        // It may have held what somebody said.
        this.#host.missed();
      },
      alive: () => {
        this.#aliveAt = this.#host.clock.now() - LAG_MS;
      },
      anew: () => {
        if (this.#stands) this.#deafSince ??= this.#aliveAt;
        this.#host.missed();
      },
      interrupted: () => {
        this.#alarm ??= this.#host.clock.schedule(CALM_MS, () =>
          this.#breaks(new BridgeError('unavailable', 'The connection to Discord is interrupted.')),
        );
      },
      restored: () => this.#restored(),
      over: (error: BridgeError) => {
        // A connection that is only tried tells whoever tries it.
        if (!this.#stands || this.#repairing) return;
        this.#breaks(error);
        this.#repairing ??= this.#repair().finally(() => {
          this.#repairing = undefined;
        });
      },
    };
  }

  #breaks(error: unknown): void {
    this.#broken = true;
    this.#host.broken(error);
  }

  #restored(): void {
    this.#alarm?.();
    this.#alarm = undefined;
    if (this.#broken) this.#host.healed();
    this.#broken = false;
  }

  /** Somebody has to do something before Discord lets the bot in again; then it works without a restart. */
  async #repair(): Promise<void> {
    const { clock } = this.#host;
    const { signal } = this.#stop;
    await this.#line?.close();
    while (!signal.aborted) {
      await clock.sleep(REPAIR_MS, signal);
      if (signal.aborted) return;
      try {
        const line = await this.#connect();
        await this.#check(line.client);
        this.#restored();
        return;
      } catch (error) {
        await this.#line?.close();
        this.#breaks(error);
      }
    }
  }

  #hear(name: string, payload: unknown): void {
    switch (name) {
      case 'MESSAGE_CREATE':
        this.#read(payload as APIMessage, false);
        break;
      case 'MESSAGE_UPDATE':
        this.#read(payload as APIMessage, true);
        break;
      case 'MESSAGE_DELETE': {
        const { id, channel_id } = payload as GatewayMessageDeleteDispatchData;
        this.#gone(id, channel_id);
        break;
      }
      case 'MESSAGE_DELETE_BULK': {
        const { ids, channel_id } = payload as GatewayMessageDeleteBulkDispatchData;
        for (const id of ids) this.#gone(id, channel_id);
        break;
      }
      case 'TYPING_START':
        this.#types(payload as GatewayTypingStartDispatchData);
    }
  }

  #read(message: APIMessage, edited: boolean): void {
    this.#intake.add(async () => {
      const place = await this.#places.of(message.channel_id, this.#stop.signal);
      if (!place) return undefined;
      return parse(message, edited, place, this.#ears.hearing, this.commands);
    });
  }

  #gone(messageId: string, channelId: string): void {
    if (!isId(messageId)) throw new Error('Nobody can tell which message is gone.');
    if (this.#removing.delete(messageId)) return;
    const at = this.#host.clock.now();
    this.#intake.add(async () => {
      const place = await this.#places.of(channelId, this.#stop.signal);
      return place && deletion(messageId, place, this.#ears.hearing, at);
    });
  }

  #types({ channel_id, member }: GatewayTypingStartDispatchData): void {
    const place = this.#places.known(channel_id);
    if (!member?.user || member.user.bot || !place || place === 'channel') return;
    const name = member.nick ?? member.user.global_name ?? member.user.username;
    this.#host.typing(
      { chatId: this.#settings.chatId, threadId: place.threadId },
      { id: member.user.id, name },
    );
  }

  async #check(client: Client<true>): Promise<void> {
    const { chatId } = this.#settings;
    const channel = client.channels.cache.get(chatId);
    if (!channel) {
      // Discord says why the bot does not know it.
      const path = `/channels/${chatId}` as const;
      await this.#discord.ask({ method: 'GET', path, at: 'channel' }, this.#stop.signal);
      throw new BridgeError(
        'unavailable',
        'Discord has not told of the channel yet; the server may be down.',
      );
    }
    if (channel.isDMBased() || channel.isThread()) {
      throw new BridgeError(
        'misconfigured',
        `channelId is not a channel of a server. ${findChannel(chatId)}`,
      );
    }
    const permissions = channel.permissionsFor(client.user);
    if (!permissions)
      throw new BridgeError('unavailable', 'Discord has not told of the bot’s permissions yet.');
    const missing = this.#ears.permissions.flatMap((permission) => permissions.missing(permission, true));
    if (missing.includes('ViewChannel')) throw new BridgeError('unauthorized', admit(chatId));
    if (missing.length > 0) {
      const names = missing.map((name) => name.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').replace(' In ', ' in '));
      throw new BridgeError(
        'unauthorized',
        `The bot lacks permissions in #${channel.name}. ${grant(chatId, names)}`,
      );
    }
    this.#ears.meet(client.user.id, channel);
  }
}
