import { Connection } from './connection.js';

/** Connections to one server, for as long as `use` takes; what breaks one of them ends it. */
export async function withConnections<T>(
  port: number,
  count: number,
  use: (connections: readonly Connection[]) => Promise<T>,
): Promise<T> {
  const connections: Connection[] = [];
  let fail: (error: Error) => void = () => {};
  const failed = new Promise<never>((_resolve, reject) => {
    fail = reject;
  });
  const used = async () => {
    for (let i = 0; i < count; i++) connections.push(await Connection.open(port, fail));
    return use(connections);
  };
  try {
    return await Promise.race([used(), failed]);
  } finally {
    for (const connection of connections) connection.close();
  }
}
