import { createServer } from 'node:http';
import { createHandler } from '@pocketping/adapter-node';
import { PocketPing } from '@pocketping/core';

const pp = new PocketPing({ welcomeMessage: 'Hi! How can we help?' });
const chat = createHandler(pp, { origins: ['https://www.example.com'] });

const server = createServer(chat.handle);
chat.attach(server);
server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1');

process.once('SIGTERM', async () => {
  server.close();
  await chat.close();
  await pp.stop();
});
