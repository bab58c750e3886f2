import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { listen, type Subject } from './subject.js';

/** Bare `ws`: it echoes what it hears, and a broadcast is a loop over everybody. */
export async function bareSockets(): Promise<Subject> {
  const server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on('connection', (socket) => {
    socket.on('message', (frame) => socket.send(String(frame)));
  });
  let online = false;
  return {
    port: await listen(server),
    broadcast() {
      online = !online;
      const text = JSON.stringify({ type: 'presence', data: { online, operators: online ? ['Ada'] : [] } });
      for (const socket of sockets.clients) socket.send(text);
    },
  };
}
