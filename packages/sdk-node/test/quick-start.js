import { PocketPing } from '@pocketping/sdk-node';
import express from 'express';

const pp = new PocketPing({
  bridgeUrl: process.env.BRIDGE_URL,
  apiKey: process.env.POCKETPING_API_KEY,
  origins: ['https://www.example.com'],
  welcomeMessage: 'Hi! How can we help?',
});

const app = express();
app.use('/pocketping', pp.middleware());

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1');
pp.attach(server);

process.once('SIGTERM', async () => {
  server.close();
  await pp.stop();
});
