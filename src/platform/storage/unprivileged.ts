/** PostgreSQL refuses to run as root; this says how to start it for a root user without any set-up. */
import { spawnSync } from 'node:child_process';
import { Unavailable } from '../../core/domain/failure.ts';

/** Words to put before a command, and who must own the database's folder (null: whoever runs us). */
export interface Launcher {
  readonly prefix: readonly string[];
  readonly owner: { readonly uid: number; readonly gid: number } | null;
}

/** `nobody`, which every Linux has, so that no account needs to be made. */
const NOBODY = 65_534;

/** A user namespace in which root is called nobody: files stay root's, folders closed to others stay reachable. */
const NAMESPACE = ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, '--'];

/**
 * Where namespaces are forbidden (most containers): really nobody, with the right to pass folders of others;
 * without no_setuid_fixup access(2) would ignore that right.
 */
const CAPABILITY = [
  'setpriv',
  `--reuid=${NOBODY}`,
  `--regid=${NOBODY}`,
  '--clear-groups',
  '--securebits=+no_setuid_fixup',
  '--inh-caps=+dac_override,+dac_read_search',
  '--ambient-caps=+dac_override,+dac_read_search',
];

/** @throws Unavailable when root can't become anybody else */
export function chooseLauncher(): Launcher {
  if (process.getuid?.() !== 0) return { prefix: [], owner: null };
  if (works(NAMESPACE)) return { prefix: NAMESPACE, owner: null };
  if (works(CAPABILITY)) return { prefix: CAPABILITY, owner: { uid: NOBODY, gid: NOBODY } };
  throw new Unavailable(
    'postgres-as-root',
    'PostgreSQL does not run as root and neither unshare nor setpriv works here: run as an ordinary user, or set DATABASE_URL.',
  );
}

function works(prefix: readonly string[]): boolean {
  const [command = '', ...words] = prefix;
  return spawnSync(command, [...words, 'true'], { stdio: 'ignore' }).status === 0;
}
