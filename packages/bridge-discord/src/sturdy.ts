import { type Client, SimpleShardingStrategy, type WebSocketShard } from 'discord.js';

/** What of the library reads a frame, and nobody waits for: what it throws would end the process. */
interface FrameReader {
  onMessage(data: unknown, isBinary: boolean): Promise<void>;
  /** Resolves with null for what is no JSON. */
  unpackMessage(data: unknown, isBinary: boolean): Promise<unknown>;
}

interface PacketReader {
  handlePacket(...packet: readonly unknown[]): boolean;
}

/** @param error what the library said of it, if anything */
export type Unread = (error?: unknown) => void;

/** Shards that live on after a frame that they do not understand. */
export class SturdySharding extends SimpleShardingStrategy {
  readonly #unread: Unread;

  constructor(manager: ConstructorParameters<typeof SimpleShardingStrategy>[0], unread: Unread) {
    super(manager);
    this.#unread = unread;
  }

  override async spawn(shardIds: number[]): Promise<void> {
    await super.spawn(shardIds);
    const { shards } = this as unknown as { readonly shards: ReadonlyMap<number, WebSocketShard> };
    for (const shard of shards.values()) makeSturdy(shard as unknown as FrameReader, this.#unread);
  }
}

const makeSturdy = (shard: FrameReader, unread: Unread): void => {
  const onMessage = shard.onMessage.bind(shard);
  const unpackMessage = shard.unpackMessage.bind(shard);
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
