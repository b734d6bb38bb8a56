/** The name that a sender gave a file, made fit to be shown and stored; it never becomes a path. */

const LONGEST = 255;

/** @example fileLabel('../../etc/pass\nwd') // 'pass wd' */
export function fileLabel(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  // Zero bytes can't be stored as text; line breaks and the like forge log lines and reports.
  const shown = last
    .replace(/\p{Cs}/gu, '\ufffd')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
    .trim();
  return [...shown].slice(0, LONGEST).join('') || 'unnamed';
}
