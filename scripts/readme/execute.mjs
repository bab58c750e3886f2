import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { root } from '../workspace.mjs';

/**
 * Runs a block in a Node of its own, over our packages' sources and what `folder` has installed.
 * It must end by itself, with exit code 0.
 * @param {string} folder
 * @param {import('./blocks.mjs').Block} block
 * @returns {Promise<string>} what it printed
 */
export async function execute(folder, block) {
  const temporary = mkdtempSync(join(tmpdir(), 'pocketping-readme-'));
  const outfile = join(temporary, 'block.mjs');
  try {
    await build({
      stdin: { contents: block.text, loader: block.language, resolveDir: join(root, folder) },
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      logLevel: 'silent',
      plugins: [sourcesInstalledElsewhere],
    });
    const { stdout } = await promisify(execFile)(process.execPath, [outfile], {
      cwd: temporary,
      timeout: 30_000,
    });
    return stdout;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** Our packages from their sources; everybody else's from where the importing package has them, unbundled. */
const sourcesInstalledElsewhere = {
  name: 'sources-installed-elsewhere',
  setup(plugin) {
    plugin.onResolve({ filter: /^[^./]/ }, async ({ path, resolveDir, kind, pluginData }) => {
      if (pluginData === 'asked' || path.startsWith('node:')) return undefined;
      const ours = /^@pocketping\/([^/]+)(?:\/([^/]+))?$/.exec(path);
      const source = ours && join(root, 'packages', ours[1], 'src', ours[2] ?? '', 'index.ts');
      if (source && existsSync(source)) return { path: source };
      const found = await plugin.resolve(path, { resolveDir, kind, pluginData: 'asked' });
      return found.errors.length > 0 ? found : { path: found.path, external: true };
    });
  },
};
