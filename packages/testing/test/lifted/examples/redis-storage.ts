import type { PublicMessage as Message, PublicSession as Session, Storage } from '@pocketping/core';
import type { Redis } from 'ioredis';

/** As the documentation shows it. */
export class RedisStorage implements Storage {
  constructor(private redis: Redis) {}

  async createSession(session: Session): Promise<void> {
    await this.redis.hset(`session:${session.id}`, session);
  }

  async getSession(id: string): Promise<Session | null> {
    // @ts-expect-error: a hash comes back as texts, which the engine reads.
    return this.redis.hgetall(`session:${id}`);
  }

  async saveMessage(sessionId: string, message: Message): Promise<void> {
    await this.redis.rpush(`messages:${sessionId}`, JSON.stringify(message));
  }

  async getMessages(sessionId: string): Promise<Message[]> {
    const messages = await this.redis.lrange(`messages:${sessionId}`, 0, -1);
    return messages.map((m) => JSON.parse(m));
  }
}
