import { describeWith, postgresDatabase, redisDatabase } from '@pocketping/testing/servers';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, expect, it } from 'vitest';

describeWith(await redisDatabase(), 'a Redis for tests', ({ url, stop }) => {
  afterAll(stop);

  it('is empty, and takes what it is given', async () => {
    const redis = new Redis(url);
    expect(await redis.dbsize()).toBe(0);
    await redis.set('a', '1');
    expect(await redis.get('a')).toBe('1');
    await redis.quit();
  });
});

describeWith(await postgresDatabase(), 'a PostgreSQL for tests', ({ url, stop }) => {
  afterAll(stop);

  it('has a database without tables', async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query("SELECT * FROM pg_tables WHERE schemaname = 'public'");
    expect(rows).toEqual([]);
    await client.end();
  });
});
