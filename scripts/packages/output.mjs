import { spawn } from 'node:child_process';
import { environment, root } from '../workspace.mjs';

/** Runs a command and answers what it printed; throws, with all of that, when it fails. */
export function output(command, args, { cwd = root, env = {} } = {}) {
  return new Promise((answer, refuse) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...environment(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && command !== process.execPath,
    });
    let printed = '';
    let complaints = '';
    child.stdout.on('data', (chunk) => {
      printed += chunk;
    });
    child.stderr.on('data', (chunk) => {
      complaints += chunk;
    });
    child.once('error', refuse);
    child.once('close', (code) => {
      if (code === 0) answer(printed);
      else
        refuse(new Error(`${command} ${args.join(' ')} (exit code ${code})\n${printed}${complaints}`.trim()));
    });
  });
}
