import { PocketPing } from '@pocketping/core';
import { recordingLogger } from '@pocketping/testing';
import { describeWith, redisDatabase } from '@pocketping/testing/servers';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { visitor } from '../engine/house.js';
import { RedisStorage } from './examples/redis-storage.js';

describeWith(await redisDatabase(), 'the documented storage on a real Redis', ({ url, stop }) => {
  let redis: Redis;
  beforeAll(() => {
    redis = new Redis(url);
  });
  afterAll(async () => {
    await redis.quit();
    await stop();
  });
  const begin = () => new PocketPing({ storage: new RedisStorage(redis), logger: recordingLogger() });
  const visited = async () => {
    const pp = begin();
    const from = { ip: '192.0.2.1' };
    const request = { visitorId: 'v', metadata: { url: 'https://shop.example/', language: 'de' } };
    const { session, token = '' } = await pp.conversation.connect(request, from);
    const actor = await pp.conversation.authenticate(token);
    const say = (content: string, clientMessageId: string) =>
      pp.conversation.send(actor, { sessionId: session.id, content, clientMessageId });
    return { pp, sessionId: session.id, token, say };
  };

  it('has what a hash can keep: texts that can be read back', async () => {
    const { pp, sessionId } = await visited();
    const kept = await redis.hgetall(`session:${sessionId}`);
    const session = await pp.getSession(sessionId);
    expect(kept).toMatchObject({
      id: sessionId,
      visitorId: session?.visitorId,
      status: 'open',
      createdAt: session?.createdAt.toISOString(),
    });
    expect(JSON.parse(kept.metadata ?? '')).toEqual(session?.metadata);
    expect(Object.values(kept).join()).not.toMatch(/\[object|undefined|null/);
    await pp.stop();
  });

  it('knows neither session nor message of an id that nobody has', async () => {
    const pp = begin();
    expect(await pp.getSession('sess_xxx')).toBeNull();
    await expect(pp.getMessages('sess_xxx')).rejects.toMatchObject({ code: 'session_not_found' });
    await pp.stop();
  });

  it('lets a visitor go on after a restart, with everything that was said', async () => {
    const { pp, sessionId, token, say } = await visited();
    await say('hello', 'c1');
    await pp.sendMessage(sessionId, { content: 'Hi there 🦊', name: 'Ada' });
    await say('one\ntwo', 'c2');
    const before = { session: await pp.getSession(sessionId), messages: await pp.getMessages(sessionId) };
    expect(before.messages).toHaveLength(3);
    await pp.stop();

    const again = begin();
    expect(await again.getSession(sessionId)).toEqual(before.session);
    expect(await again.getMessages(sessionId)).toEqual(before.messages);
    const other = begin();
    const actor = await other.conversation.authenticate(token);
    await other.conversation.send(actor, { sessionId, content: 'one\ntwo', clientMessageId: 'c2' });
    await other.conversation.send(actor, { sessionId, content: 'three' });
    const resumed = await other.conversation.connect({ visitorId: 'v' }, { token });
    expect(resumed.session.id).toBe(sessionId);
    expect(resumed.messages.map(({ content }) => content)).toEqual([
      'hello',
      'Hi there 🦊',
      'one\ntwo',
      'three',
    ]);
    expect(await redis.llen(`messages:${sessionId}`)).toBe(4);
    await again.stop();
    await other.stop();
  });

  it('opens nothing without the token, whoever the visitor says they are', async () => {
    const { pp, sessionId } = await visited();
    const visitorId = (await pp.getSession(sessionId))?.visitorId ?? '';
    await pp.stop();
    const again = begin();
    const stranger = await visitor({ pp: again }, visitorId);
    await expect(again.conversation.messages(stranger.actor, { sessionId, limit: 10 })).rejects.toMatchObject(
      { code: 'session_not_found' },
    );
    await expect(again.conversation.authenticate(`ppv_guess.${sessionId}`)).rejects.toMatchObject({
      code: 'unauthorized',
    });
    await again.stop();
  });
});
