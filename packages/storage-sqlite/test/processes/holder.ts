import { writeSync } from 'node:fs';
import { SqliteStorage } from '@pocketping/storage-sqlite';

/* A process that takes a lease for an hour, tells its token, and stays. Arguments: the file, the lease's name. */

const [file = '', name = ''] = process.argv.slice(2);
const storage = new SqliteStorage({ file });
await storage.init();
writeSync(1, `${await storage.lease.take(name, 'holder', 3_600_000)}\n`);
setInterval(() => {}, 60_000);
