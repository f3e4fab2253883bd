import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { ReachabilityPrinter, printReachability } from '../lib/reachability/print-reachability';
import { printTable } from '../lib/reachability/print-table';
import { printReport } from '../lib/verifier/verification-report';
import { Tree } from './tree';

/** The package's entry `cpanel-edge/testing`: what a stack exposes, for the tests of those who compose stacks. */

/**
 * What is reachable through the gateways and servers of a stack, or of all stacks of an App, as a table: read back from the text that is delivered, and
 * proven against the intent. Servers in other stacks that its gateways map count for what is reachable end to end. Throws Refusal with every
 * problem of the App.
 *
 * @example console.log(exposureOf(stack));
 */
export const exposureOf = (stack: Construct): string => printSites(stack, printReachability);

function printSites(scope: Construct, print: ReachabilityPrinter): string {
  const sites = Tree.of(scope).listSites(scope);
  return sites
    .map(({ own: verifications, behind: behindVerifications }) =>
      printReport(verifications, behindVerifications, print),
    )
    .join('\n');
}

/**
 * A serializer for Jest: with `expect.addSnapshotSerializer(portExposure)` the snapshot of a stack is its exposure, line by line
 * with the vantages that each holds for: one port too many changes exactly one line of a device's table.
 *
 * @example expect.addSnapshotSerializer(portExposure);
 */
export const portExposure = {
  /** Whether a value is a stack: what Jest asks of each value first. */
  test: (value: unknown): boolean => TerraformStack.isStack(value),
  /** Its exposure as a table. Throws Refusal with every problem of the App. */
  serialize: (value: unknown): string => printSites(value as TerraformStack, printTable),
};

export { exposureMatchers } from './testing-matchers';
export type { ExposureMatchers } from './testing-matchers';
export type { WantedExposure } from './testing-wanted';
