// Tests the line that counts how much of a long work is done (cli/progress.ts), on a simulated terminal: it comes after
// a second, makes room for other output, is gone at the end or after a failure, and is never in a pipe or a file.

import { WriteStream } from 'node:tty';
import { setTimeout } from 'node:timers/promises';
import { ReportProgress, PrintLine, runWithProgress } from '../../cli/progress';

/** A stream that collects its output, as a terminal or not. */
function streamOf(isTTY: boolean): { readonly stream: WriteStream; readonly written: () => string } {
  let written = '';
  const write = (text: string): boolean => ((written += text), true);
  const stream = {
    isTTY,
    columns: 80,
    write,
    on: () => undefined,
    once: () => undefined,
    emit: () => false,
  } as unknown as WriteStream;
  return { stream, written: () => written };
}

/* eslint-disable no-control-regex -- terminal output */
const seen = (written: string): string => written.replace(/\u001b(\[[\d;?]*[A-Za-z]|\d)/g, '');

describe('the progress line', () => {
  it('stands on a terminal after a second, and is removed at the end', async () => {
    const { stream, written } = streamOf(true);
    const made = await runWithProgress(
      'devices asked',
      async (at) => {
        at(0, 20);
        await setTimeout(1_200);
        expect(seen(written())).toContain('devices asked: 0 of 20 ..............................');
        at(5, 20);
        await setTimeout(300);
        return 'made';
      },
      stream,
    );
    expect([made, seen(written()).includes('devices asked: 5 of 20 ########......................')]).toEqual([
      'made',
      true,
    ]);
    // It starts at the beginning of its line, and nothing is written after it.
    expect(written().endsWith('\u001b[1G\u001b[2K')).toBe(true);
  });

  it('makes room for other output and comes again', async () => {
    const { stream, written } = streamOf(true);
    const said: string[] = [];
    const print = (line: string): void =>
      void said.push(line, written().endsWith('\u001b[1G\u001b[2K') ? 'on an empty line' : written());
    const work = async (at: ReportProgress, say: PrintLine): Promise<void> => {
      at(0, 1);
      say('at once');
      await setTimeout(1_200);
      say('later');
      await setTimeout(300);
      expect(seen(written()).match(/devices asked: 0 of 1/g)?.length).toBeGreaterThan(1);
    };
    await runWithProgress('devices asked', work, stream, print);
    expect(said).toEqual(['at once', '', 'later', 'on an empty line']);
  });

  it('changes no terminal setting that a signal would leave changed, and fits a narrow terminal', async () => {
    const { stream, written } = streamOf(true);
    stream.columns = 20;
    await runWithProgress('devices asked', async (at) => (at(3, 20), setTimeout(1_200)), stream);
    expect(written()).not.toMatch(/\u001b\[\?\d+[hl]/);
    expect(seen(written())).toBe('devices asked: 3 of ');
  });

  it("isn't shown for work that ends before", async () => {
    const { stream, written } = streamOf(true);
    expect(await runWithProgress('x', async (at) => (at(1, 2), await setTimeout(50), 7), stream)).toBe(7);
    await setTimeout(1_100);
    expect(written()).toBe('');
  });

  it("isn't shown in a pipe or a file", async () => {
    const { stream, written } = streamOf(false);
    await runWithProgress('x', async (at) => (at(1, 2), setTimeout(1_200)), stream);
    expect(written()).toBe('');
  });

  it('is removed if the work fails, and the failure is passed on', async () => {
    const { stream, written } = streamOf(true);
    const failing = runWithProgress(
      'x',
      async (at) => (at(1, 2), await setTimeout(1_100), Promise.reject(new Error('no'))),
      stream,
    );
    await expect(failing).rejects.toThrow('no');
    const after = written();
    await setTimeout(300);
    expect(written()).toBe(after);
  });
});
