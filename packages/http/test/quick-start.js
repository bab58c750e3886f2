import { PocketPing } from '@pocketping/core';
import { createExchange } from '@pocketping/http';

const exchange = createExchange(new PocketPing(), { origins: ['https://www.example.com'] });

const { status, headers, body } = await exchange({
  method: 'GET',
  path: '/health',
  query: '',
  headers: {},
  remoteAddress: '127.0.0.1',
  body: async () => '',
  stream: () => new ReadableStream(),
  onGone: () => {},
});
console.log(status, headers['content-type'], body);
