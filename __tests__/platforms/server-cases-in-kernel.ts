// Loads the golden text of each server case of __tests__/cases into a kernel, by every way to load it, and asserts by
// real packets that exactly what the case's truth file lets pass passes.

import { existsSync, readFileSync } from 'node:fs';
import { canUseKernel } from '../evaluator/kernel/namespaces';
import { KernelPlace } from '../evaluator/kernel/place';
import { caseFile, serverCases } from '../support';
import { truthIn } from './truth';
import { describeWhere } from '../where-possible';
import { drawCases } from '../randomly';
import { Interfaces, ServerInKernel } from './server-in-kernel';

/** A way to replace all rules of a kernel by a platform's generated text. */
interface Loading {
  readonly name: string;
  readonly tools: readonly string[];
  load(place: KernelPlace, text: string): void;
}

/** Asks a kernel with each server case's golden text which packets pass, by each way to load it. */
export function askKernels(platform: string, ways: readonly Loading[], possible = canUseKernel()): void {
  const servers = serverCases().filter(([name]) => !existsSync(caseFile(name, `${platform}.problems.txt`)));
  it('finds server cases', () => expect(servers.length).toBeGreaterThanOrEqual(16));
  const needs = `root on Linux, with ${[...new Set(['nft', 'ip', 'conntrack', 'perl', ...ways.flatMap(({ tools }) => tools)])].join(', ')}`;
  describeWhere(
    possible,
    `servers in a kernel (${platform})`,
    needs,
  )('a kernel with the golden text', () => {
    const made = new Map<string, ServerInKernel>();
    afterAll(() => made.forEach((server) => server.remove()));

    function serverWith(interfaces: readonly Interfaces[]): ServerInKernel {
      const key = JSON.stringify(interfaces);
      const known = made.get(key) ?? new ServerInKernel(`cpk-${process.pid}-${made.size}`, interfaces);
      made.set(key, known);
      return known;
    }

    describe.each(ways)('loaded by $name', ({ load }) => {
      it.each(drawCases(servers, 3))(
        '%s: only packets that its truth file lists pass',
        async (name, { addresses, interfaces }) => {
          const server = serverWith(interfaces ?? [{ name: 'eth0', addresses: addresses! }]);
          load(server.place, readFileSync(caseFile(name, `${platform}.golden`), 'utf8'));
          const { wrong, passed, stopped } = await server.differing(
            truthIn(readFileSync(caseFile(name, 'exposure.txt'), 'utf8')),
          );
          expect(wrong).toEqual([]);
          // A test in which everything passes, or nothing, would prove nothing.
          expect(Math.min(passed, stopped)).toBeGreaterThan(10);
        },
      );
    });
  });
}
