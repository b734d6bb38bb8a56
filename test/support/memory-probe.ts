/** Looks again and again at how much memory a process holds: where Linux tells, elsewhere it finds nothing. */
import { readFile } from 'node:fs/promises';

export interface MemoryProbe {
  /** Null where nothing was ever read. */
  peakMegabytes(): number | null;
  /** As many looks, evenly over the time, in MB. */
  overTime(count: number): readonly number[];
  stop(): void;
}

const LOOK_MS = 250;

/** @param pid of the process of the moment: it may be another after a restart */
export function probeMemory(pid: () => number | undefined): MemoryProbe {
  const looks: number[] = [];
  let peak = 0;
  const look = async (): Promise<void> => {
    const status = await readFile(`/proc/${pid()}/status`, 'utf8').catch(() => '');
    const resident = megabytes(status, 'VmRSS');
    if (resident > 0) looks.push(resident);
    // The kernel's own high-water mark sees what happens between two looks.
    peak = Math.max(peak, megabytes(status, 'VmHWM'));
  };
  const timer = setInterval(() => void look(), LOOK_MS);
  return {
    peakMegabytes: () => (peak > 0 ? peak : null),
    overTime: (count) =>
      looks.length === 0
        ? []
        : Array.from({ length: count }, (_, index) => looks[Math.floor((index / count) * looks.length)]!),
    stop: () => clearInterval(timer),
  };
}

function megabytes(status: string, field: string): number {
  const [, kibibytes = '0'] = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status) ?? [];
  return Math.round((Number(kibibytes) * 1024) / 1e6);
}
