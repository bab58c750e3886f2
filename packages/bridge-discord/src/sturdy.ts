import {
  type Client,
  SimpleIdentifyThrottler,
  SimpleShardingStrategy,
  type WebSocketShard,
  WebSocketShardStatus,
} from 'discord.js';

/** What of the library reads a frame or connects, and nobody waits for: what it throws would end the process. */
interface Shard {
  readonly status: WebSocketShardStatus;
  internalConnect(): Promise<void>;
  onMessage(data: unknown, isBinary: boolean): Promise<void>;
  /** Resolves with null for what is no JSON. */
  unpackMessage(data: unknown, isBinary: boolean): Promise<unknown>;
}

interface PacketReader {
  handlePacket(...packet: readonly unknown[]): boolean;
}

/** @param error what the library said of it, if anything */
export type Unread = (error?: unknown) => void;

interface Hooks {
  readonly unread: Unread;
  /** It does not connect, and will not try again. */
  readonly lost: (error: unknown) => void;
}

/**
 * Waits until a session may begin, and no longer than the connection lasts. The library's own waits on, and what waited
 * would then begin it on a connection that another attempt is making.
 */
export class PromptThrottler extends SimpleIdentifyThrottler {
  override waitForIdentify(shardId: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      super.waitForIdentify(shardId, signal).then(resolve, reject);
    });
  }
}

/** Shards that live on after a frame that they do not understand, and after a connection that cannot be made. */
export class SturdySharding extends SimpleShardingStrategy {
  readonly #hooks: Hooks;

  constructor(manager: ConstructorParameters<typeof SimpleShardingStrategy>[0], hooks: Hooks) {
    super(manager);
    this.#hooks = hooks;
  }

  override async spawn(shardIds: number[]): Promise<void> {
    await super.spawn(shardIds);
    const { shards } = this as unknown as { readonly shards: ReadonlyMap<number, WebSocketShard> };
    for (const shard of shards.values()) makeSturdy(shard as unknown as Shard, this.#hooks);
  }
}

const makeSturdy = (shard: Shard, { unread, lost }: Hooks): void => {
  const internalConnect = shard.internalConnect.bind(shard);
  const onMessage = shard.onMessage.bind(shard);
  const unpackMessage = shard.unpackMessage.bind(shard);
  shard.internalConnect = () =>
    internalConnect().catch((error) => {
      // Else another attempt is under way, in whose way this one was.
      if (shard.status === WebSocketShardStatus.Idle) lost(error);
    });
  shard.onMessage = (data, isBinary) => onMessage(data, isBinary).catch(unread);
  shard.unpackMessage = async (data, isBinary) => {
    const frame = await unpackMessage(data, isBinary);
    if (frame === null) unread();
    return frame;
  };
};

/** Events that came before the client was ready are read later, with nobody to catch what that throws. */
export const readSturdily = ({ ws }: Client, unread: Unread): void => {
  const packets = ws as unknown as PacketReader;
  const handlePacket = packets.handlePacket.bind(packets);
  packets.handlePacket = (...packet) => {
    try {
      return handlePacket(...packet);
    } catch (error) {
      unread(error);
      return false;
    }
  };
};
