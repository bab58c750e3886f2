/**
 * Who may import whom: the dependency rule of the project, as data. `*` at a name's end stands for anything.
 *
 * @typedef {object} Rule
 * @property {string[]} packages whom the rule is for
 * @property {string[]} may our packages that its sources may import
 * @property {string[]} [types] our packages of which its sources may import types, with `import type` only
 * @property {string[]} [tests] our packages that its tests may import besides
 * @property {string[]} [others] the only packages of other people that its sources may import
 * @property {boolean} [standards] its sources use Web standards only: nothing of Node's
 * @property {boolean} [neutral] no vendor's name occurs in its sources
 */

/** @type {Rule[]} */
const rules = [
  { packages: ['protocol'], may: [], others: ['zod'], tests: [], standards: true },
  // Core's own memory storage is tested in `testing`, which stands on core.
  { packages: ['core'], may: ['protocol'], tests: [], standards: true, neutral: true },
  { packages: ['http'], may: ['core', 'protocol'], standards: true },
  { packages: ['adapter-node'], may: ['http', 'core', 'protocol'] },
  {
    packages: ['adapter-express', 'adapter-fastify', 'adapter-next'],
    may: ['adapter-node', 'http', 'core', 'protocol'],
  },
  {
    packages: ['sdk-node'],
    may: [
      'adapter-express',
      'adapter-fastify',
      'adapter-next',
      'adapter-node',
      'http',
      'core',
      'protocol',
      'bridge-remote',
    ],
    // What its documentation shows is tried in a browser.
    tests: ['testing', 'emulators', 'widget'],
  },
  // It speaks the wire; a real server stands behind its tests.
  {
    packages: ['bridge-remote'],
    may: ['core', 'protocol'],
    tests: ['testing', 'emulators', 'adapter-node', 'http'],
    others: [],
    standards: true,
  },
  { packages: ['bridge-*', 'ai-*', 'storage-*', 'broker-*', 'files-*'], may: ['core'] },
  { packages: ['widget', 'react'], may: [], types: ['protocol'] },
  // The contract of HTTP adapters speaks the wire.
  { packages: ['testing'], may: ['core', 'protocol'] },
  { packages: ['emulators'], may: [] },
];

/** What tests may import besides what their package may, where its rule does not say. */
export const testing = ['testing', 'emulators'];

/** Workspaces that look inside packages: what tries the widget's client and the table of routes needs more than they export. */
export const insiders = ['trials'];

/** Names that no neutral package may contain, not even inside a longer word. English words that begin alike are let pass. */
export const vendors = [
  /telegram/i,
  /grammy/i,
  /discord(?!an)/i,
  /slack(?!en)/i,
  /whatsapp/i,
  /open_?-?ai/i,
  /anthropic/i,
  /claude/i,
  /gemini/i,
  /express(?!ed|es|ing|ion|ive|ly)/i,
  /fastify/i,
  /next\.?js/i,
  /libsql/i,
  /sqlite/i,
  /postgres/i,
  /redis(?!c|t)/i,
  /linktor/i,
];

/** Globals that Node has and the Web does not. */
export const nodeGlobals = new Set([
  'Buffer',
  'NodeJS',
  '__dirname',
  '__filename',
  'clearImmediate',
  'exports',
  'global',
  'module',
  'process',
  'require',
  'setImmediate',
]);

/** @returns {Rule | undefined} */
export const ruleOf = (name) => rules.find((rule) => includes(rule.packages, name));

export const includes = (patterns, name) =>
  patterns.some((pattern) =>
    pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name,
  );
