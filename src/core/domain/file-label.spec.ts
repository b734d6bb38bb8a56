import { describe, expect, it } from 'vitest';
import { fileLabel } from './file-label.ts';

describe('the label of a file', () => {
  it.each([
    ['../../../etc/passwd', 'passwd'],
    ['C:\\fakepath\\DJI_0042.JPG', 'DJI_0042.JPG'],
    ['two\nlines\r\n.jpg', 'two lines  .jpg'],
    ['zero\u0000byte.jpg', 'zero byte.jpg'],
    ['\u202egpj.exe', 'gpj.exe'],
    ['Mast 7 🗼 Österreich.jpg', 'Mast 7 🗼 Österreich.jpg'],
    ['..', '..'],
    ['', 'unnamed'],
    ['/', 'unnamed'],
    ['\ud800.jpg', '\ufffd.jpg'],
  ])('of %j is %j', (name, label) => expect(fileLabel(name)).toBe(label));

  it('is cut where it is longer than a file system takes, between characters', () => {
    expect([...fileLabel('🗼'.repeat(300))]).toHaveLength(255);
  });
});
