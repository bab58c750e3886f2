import { workspaces } from '../workspace.mjs';

/** In the order in which somebody meets them; what is named nowhere here comes last. @type {[string, RegExp][]} */
const GROUPS = [
  ['The engine and its shells', /^(?:sdk-node|core|adapter-.*|http|protocol)$/],
  ['On the page', /^(?:widget|react)$/],
  ['Where the team answers', /^bridge-/],
  ['Where conversations and files live', /^(?:storage|files|broker)-/],
  ['For tests', /^(?:testing|emulators)$/],
  ['Others', /./],
];

/**
 * The packages as somebody looks for them; a group without any is left out.
 * @returns {{ title: string, members: import('../workspace.mjs').Workspace[] }[]}
 */
export function packageGroups() {
  const left = workspaces().filter(({ folder }) => folder.startsWith('packages/'));
  return GROUPS.map(([title, names]) => {
    const members = left.filter(({ folder }) => names.test(folder.replace('packages/', '')));
    for (const member of members) left.splice(left.indexOf(member), 1);
    return { title, members };
  }).filter(({ members }) => members.length > 0);
}
