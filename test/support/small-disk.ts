/** A file system that can be made full, in memory; it goes with the process that mounted it. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, statfsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export interface SmallDisk {
  readonly folder: string;
  /** Makes it as small as what is on it: whoever wants more gets ENOSPC. */
  fill(): Promise<void>;
  free(): void;
  /** When nobody works on it any more. */
  unmount(): void;
}

/** Bytes; memory is taken only for what is written. */
const SIZE = 4 * 2 ** 30;
/** What is written between the look and the mount. */
const SLACK = 64 * 1024;

/** A mount namespace of one's own, also for those who are not root. */
function unshareWords(): readonly string[] {
  return process.getuid?.() === 0 ? ['--mount'] : ['--user', '--map-root-user', '--mount'];
}

/** Why there can be no small disk here; null where there can. */
export function whyNoSmallDisk(): string | null {
  const words = [...unshareWords(), 'mount', '-t', 'tmpfs', 'none', '/mnt'];
  const { error, status, stderr } = spawnSync('unshare', words, { encoding: 'utf8' });
  if (error) return error.message;
  return status === 0 ? null : `no file system may be mounted: ${stderr.trim()}`;
}

/** Runs this program anew where its mounts are its own and end with it. @returns its exit status */
export function rerunWithOwnMounts(words: readonly string[]): number {
  const command = [...unshareWords(), process.execPath, ...process.argv.slice(1), ...words];
  return spawnSync('unshare', command, { stdio: 'inherit' }).status ?? 1;
}

/** In a program that was run with its own mounts. */
export function mountSmallDisk(folder: string): SmallDisk {
  mkdirSync(folder, { recursive: true });
  call('mount', ['-t', 'tmpfs', '-o', `size=${SIZE},mode=755`, 'none', folder]);
  const resize = (bytes: number) =>
    // By default mount adds the options that are there, with owners that a user namespace doesn't know.
    call('mount', ['--options-mode', 'ignore', '-t', 'tmpfs', '-o', `remount,size=${bytes}`, 'none', folder]);
  return {
    folder,
    fill: async () => {
      for (let tries = 1; ; tries++) {
        const { bsize, blocks, bfree } = statfsSync(folder);
        try {
          return resize((blocks - bfree) * bsize + SLACK);
        } catch (error) {
          if (tries === 20) throw error;
          await sleep(20);
        }
      }
    },
    free: () => resize(SIZE),
    unmount: () => call('umount', [folder]),
  };
}

function call(command: string, words: readonly string[]): void {
  const { status, stderr } = spawnSync(command, words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr.trim());
}
