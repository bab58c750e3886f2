import { cpSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

// Next serves what lies in `public`.
cpSync(dirname(fileURLToPath(import.meta.resolve('@pocketping/widget'))), 'public/widget', {
  recursive: true,
});
