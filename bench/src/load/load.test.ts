import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { atRate, latencies } from './at-rate.js';
import { saturate } from './saturate.js';
import { Turnstile } from './turnstile.js';
import { LoadSocket } from './web-socket.js';

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const listening = async (): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

const request = () => 'GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n';

it('asks as often as it was told, and hears every answer', async () => {
  let asked = 0;
  server = createServer((_req, res) => {
    asked++;
    res.setHeader('content-length', 2);
    res.end('ok');
  });
  const { answered } = await saturate(await listening(), request, { ms: 60_000, requests: 500 });
  expect(answered).toBe(500);
  expect(asked).toBe(500);
});

it('ends with the first refusal', async () => {
  server = createServer((_req, res) => {
    res.statusCode = 503;
    res.end();
  });
  await expect(saturate(await listening(), request, { ms: 60_000 })).rejects.toThrow(/503/);
  // A process that kept watch over nothing would never end.
  expect(process.getActiveResourcesInfo()).not.toContain('Immediate');
});

it('measures every answer of the requests that it sends at a rate', async () => {
  let asked = 0;
  server = createServer((_req, res) => {
    asked++;
    res.setHeader('content-length', 0);
    res.end();
  });
  const taken = await latencies(await listening(), request, { perSecond: 2000, ms: 50 });
  expect(taken).toHaveLength(asked);
  expect(Math.min(...taken)).toBeGreaterThan(0);
});

it('lets requests wait for a free connection, in order', () => {
  server = createServer();
  const sent: string[] = [];
  const answers: (() => void)[] = [];
  const connection = {
    send(text: string, answered: () => void) {
      sent.push(text);
      answers.push(answered);
    },
  };
  const turnstile = new Turnstile([connection, connection]);
  const answered: string[] = [];
  for (const text of ['a', 'b', 'c', 'd']) turnstile.send(text, () => answered.push(text));
  expect(sent).toEqual(['a', 'b']);
  answers[1]?.();
  answers[0]?.();
  expect(sent).toEqual(['a', 'b', 'c', 'd']);
  expect(answered).toEqual(['b', 'a']);
});

it('acts about as often as it was told', async () => {
  server = createServer();
  await listening();
  let acts = 0;
  await atRate(2000, 100, () => acts++);
  expect(acts).toBeGreaterThan(100);
  expect(acts).toBeLessThan(320);
});

it('speaks WebSocket: shakes hands, masks, reads short and long texts, answers pings', async () => {
  server = createServer();
  const sockets = new WebSocketServer({ server });
  const accepted = new Promise<WebSocket>((resolve) => sockets.once('connection', resolve));
  const socket = await LoadSocket.open(await listening(), '/');
  const theirs = await accepted;
  const ponged = new Promise((resolve) => theirs.once('pong', resolve));
  theirs.on('message', (frame) => theirs.send(String(frame)));
  const heard: string[] = [];
  const both = new Promise<void>((resolve) => {
    socket.heard = (text) => {
      heard.push(text);
      if (heard.length === 2) resolve();
    };
  });
  theirs.ping();
  socket.send('short');
  socket.send('l'.repeat(3000));
  await both;
  await ponged;
  expect(heard).toEqual(['short', 'l'.repeat(3000)]);
  socket.close();
});

it('notices that a server wants no WebSocket', async () => {
  server = createServer((_req, res) => res.end());
  const port = await listening();
  await expect(LoadSocket.open(port, '/')).rejects.toThrow(/no WebSocket/);
});
