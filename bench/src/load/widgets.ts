import type { Visitor } from '../server/control.js';
import { LoadSocket } from './web-socket.js';

/** So many shake hands at the same time. */
const AT_ONCE = 50;

/** A WebSocket to a bare server for each number from 0 on. */
export const bareSockets = (port: number, count: number): Promise<LoadSocket[]> =>
  openAll(Array.from({ length: count }, () => () => LoadSocket.open(port, '/')));

/** A WebSocket for each visitor, as the widget has it: resolves when each has heard that its stream is live. */
export const widgetSockets = (port: number, visitors: readonly Visitor[]): Promise<LoadSocket[]> =>
  openAll(
    visitors.map(({ sessionId, token, seq }) => async () => {
      const path = `/pocketping/stream?sessionId=${sessionId}&after=${seq}`;
      const socket = await LoadSocket.open(port, path);
      const live = new Promise<void>((resolve) => {
        socket.heard = (text) => {
          if (text.startsWith('{"type":"ping"')) resolve();
        };
      });
      socket.send(JSON.stringify({ type: 'hello', data: { token, after: seq } }));
      await live;
      socket.heard = () => {};
      return socket;
    }),
  );

const openAll = async (openings: readonly (() => Promise<LoadSocket>)[]): Promise<LoadSocket[]> => {
  const sockets: LoadSocket[] = [];
  for (let i = 0; i < openings.length; i += AT_ONCE)
    sockets.push(...(await Promise.all(openings.slice(i, i + AT_ONCE).map((open) => open()))));
  return sockets;
};
