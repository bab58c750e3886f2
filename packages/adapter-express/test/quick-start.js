import { pocketping } from '@pocketping/adapter-express';
import { PocketPing } from '@pocketping/core';
import express from 'express';

const pp = new PocketPing({ welcomeMessage: 'Hi! How can we help?' });
const chat = pocketping(pp, { origins: ['https://www.example.com'] });

const app = express();
app.use('/pocketping', chat);

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1');
chat.attach(server);

process.once('SIGTERM', async () => {
  server.close();
  await chat.close();
  await pp.stop();
});
