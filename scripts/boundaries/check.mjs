import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix } from 'node:path';
import { references } from './references.mjs';
import { includes, insiders, ruleOf, testing, vendors } from './rules.mjs';

const scope = '@pocketping/';
const code = /\.[cm]?[jt]sx?$/;
const builtins = new Set(builtinModules);

/** @typedef {{ path: string, text: string }} SourceFile a path inside its package, such as `src/index.ts` */

/** The files of a workspace that people write: everything but what is installed, built or recorded. */
export function sourceFiles(base, folder) {
  const skipped = new Set(['node_modules', 'dist', 'coverage', '.turbo', '__fixtures__']);
  const walk = (path) =>
    readdirSync(join(base, folder, path), { withFileTypes: true }).flatMap((entry) => {
      const inside = posix.join(path, entry.name);
      if (entry.isDirectory()) return skipped.has(entry.name) ? [] : walk(inside);
      return inside.startsWith('src/') || code.test(inside)
        ? [{ path: inside, text: readFileSync(join(base, folder, inside), 'utf8') }]
        : [];
    });
  return walk('');
}

/**
 * What one workspace does that the rule forbids, one sentence each.
 * @param {{ folder: string, manifest: Record<string, any>, files: SourceFile[] }} workspace
 * @param {Record<string, any>[]} manifests those of every package, to know what each exports
 * @returns {string[]}
 */
export function violations({ folder, manifest, files }, manifests) {
  if (insiders.includes(folder)) return [];
  if (!folder.startsWith('packages/')) return files.flatMap((file) => reachingOut(folder, file));
  const name = folder.slice('packages/'.length);
  const rule = ruleOf(name);
  if (!rule)
    return [`${folder}: no rule for this package; add it to the table in scripts/boundaries/rules.mjs`];
  return [
    ...(manifest.name === scope + name ? [] : [`${folder}: is named ${manifest.name}, not ${scope}${name}`]),
    ...declared(folder, name, rule, manifest),
    ...files.flatMap((file) => [
      ...imported(folder, name, rule, file, manifests),
      ...reachingOut(folder, file),
      ...(rule.neutral && isSource(file) ? named(folder, file) : []),
    ]),
  ];
}

function declared(folder, name, rule, manifest) {
  const found = [];
  const at = `${folder}/package.json`;
  for (const field of ['dependencies', 'peerDependencies', 'optionalDependencies']) {
    for (const dependency of Object.keys(manifest[field] ?? {})) {
      if (!dependency.startsWith(scope)) {
        if (rule.others && !rule.others.includes(dependency)) {
          found.push(`${at}: depends on ${dependency}; ${name} stands on ${list(rule.others)} only`);
        }
      } else if (!includes(rule.may, dependency.slice(scope.length))) {
        found.push(`${at}: depends on ${dependency}; ${name} may depend on ${list(rule.may)}`);
      }
    }
  }
  const inTests = allowed(name, rule, true);
  for (const dependency of Object.keys(manifest.devDependencies ?? {})) {
    if (!dependency.startsWith(scope)) continue;
    const other = dependency.slice(scope.length);
    if (!includes(inTests, other)) {
      found.push(`${at}: develops with ${dependency}; ${name}'s tests may use ${list(inTests)}`);
    }
  }
  return found;
}

function imported(folder, name, rule, file, manifests) {
  if (!code.test(file.path)) return [];
  const found = [];
  const source = isSource(file);
  const mayImport = allowed(name, rule, !source);
  for (const reference of references(file.path, file.text)) {
    const at = `${folder}/${file.path}:${reference.line}`;
    if (reference.kind === 'global') {
      if (source && rule.standards)
        found.push(`${at}: uses Node's ${reference.name}; ${name} uses Web standards only`);
      continue;
    }
    if (reference.name === '') {
      if (source) found.push(`${at}: imports a computed name, which nobody can check`);
      continue;
    }
    if (reference.name.startsWith('.')) continue;
    const target = packageOf(reference.name);
    if (target.startsWith(scope)) {
      const other = target.slice(scope.length);
      const asTypes = reference.typeOnly && includes(rule.types ?? [], other);
      if (other !== name && !asTypes && !includes(mayImport, other)) {
        const types = rule.types ? `, and types of ${list(rule.types)}` : '';
        found.push(
          `${at}: imports ${target}; ${name}${source ? '' : "'s tests"} may import ${list(mayImport)}${types}`,
        );
      } else if (!isExported(reference.name, target, manifests)) {
        found.push(`${at}: imports ${reference.name}, which ${target} does not export`);
      }
    } else if (source && rule.standards && isNode(reference.name)) {
      found.push(`${at}: imports ${reference.name}; ${name} uses Web standards only`);
    } else if (source && rule.others && !rule.others.includes(target)) {
      found.push(`${at}: imports ${target}; ${name} stands on ${list(rule.others)} only`);
    }
  }
  return found;
}

/** Relative imports end at the package's own door; nobody goes in through somebody's window. */
function reachingOut(folder, file) {
  if (!code.test(file.path)) return [];
  return references(file.path, file.text)
    .filter(({ kind, name }) => kind === 'import' && name.startsWith('.'))
    .map(({ line, name }) => ({ line, name, target: posix.join(folder, posix.dirname(file.path), name) }))
    .filter(({ target }) => !target.startsWith(`${folder}/`) && target !== folder)
    .filter(({ target }) => isSource(file) || /^(packages|apps)\//.test(target))
    .map(({ line, name }) => `${folder}/${file.path}:${line}: imports ${name} from outside its package`);
}

function named(folder, { path, text }) {
  const found = [];
  for (const vendor of vendors) {
    if (vendor.test(path))
      found.push(`${folder}/${path}: the file is named after a vendor (${vendor.source})`);
    for (const [index, line] of text.split('\n').entries()) {
      const match = vendor.exec(line);
      if (match) found.push(`${folder}/${path}:${index + 1}: names a vendor: ${match[0]}`);
    }
  }
  return found;
}

const isSource = (file) => file.path.startsWith('src/');

const allowed = (name, rule, inTests) =>
  inTests ? [...rule.may, ...(rule.types ?? []), name, ...(rule.tests ?? testing)] : rule.may;

const packageOf = (specifier) =>
  specifier.startsWith('@') ? specifier.split('/').slice(0, 2).join('/') : (specifier.split('/')[0] ?? '');

const isNode = (specifier) =>
  /^(node|bun):/.test(specifier) || builtins.has(specifier) || builtins.has(packageOf(specifier));

function isExported(specifier, target, manifests) {
  const manifest = manifests.find((one) => one.name === target);
  return manifest !== undefined && `.${specifier.slice(target.length)}` in (manifest.exports ?? {});
}

const list = (names) => (names.length === 0 ? 'none of our packages' : names.join(', '));
