import { pocketping } from '@pocketping/adapter-fastify';
import { PocketPing } from '@pocketping/core';
import Fastify from 'fastify';

const pp = new PocketPing({ welcomeMessage: 'Hi! How can we help?' });

const app = Fastify();
app.register(pocketping(pp, { origins: ['https://www.example.com'] }), { prefix: '/pocketping' });

await app.listen({ port: Number(process.env.PORT ?? 3000), host: '127.0.0.1' });

process.once('SIGTERM', async () => {
  await app.close();
  await pp.stop();
});
