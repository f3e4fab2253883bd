// Imports a gateway for the command `import`: makes a stack, a captured config and a report from a config.xml.
import { printCount } from '../lib/reachability/print-packets';
import { createGatewayStack, getOperatorHost } from '../lib/import/gateway-stack';
import { importGatewayConfig } from '../lib/import/import-gateway';
import { ImportRefusal, describeLeftEntries } from '../lib/import/import-refusal';
import { renderImportReport } from '../lib/import/import-report';
import { Problem } from '../lib/problems/problem';
import { getDirectAccessRemarks } from '../lib/project/expected-exposure';
import { FrameworkName } from '../lib/report/render-stack-source';
import { ImportResult } from './import-files';

interface GatewayOptions {
  readonly device: string;
  readonly owner: string;
  readonly hostKey: string;
  readonly globalHelper: boolean;
  readonly framework?: FrameworkName;
}

export const nameGatewayFiles = (device: string) => ({
  stack: `${device}.ts`,
  captured: `${device}.captured.xml`,
  report: `${device}.report.md`,
});

/**
 * Returns the stack, the captured config and the report from a gateway's configuration. `sourceName` is the text's name
 * in the report.
 *
 * @throws Refusal; ImportRefusal if the text gives no stack.
 */
export function importGateway(
  text: string,
  sourceName: string,
  { device, owner, hostKey, globalHelper, framework }: GatewayOptions,
): ImportResult {
  const { stack, captured, report } = nameGatewayFiles(device);
  const importedGateway = importGatewayConfig(text, { device, owner, globalHelper });
  const { draft, replacedEntries, skipped, objections } = importedGateway;
  if (draft.mappings.length === 0)
    throw new ImportRefusal([NOTHING_MAPPED], describeLeftEntries([...objections, ...skipped]));
  const host = getOperatorHost(draft);
  return {
    files: new Map([
      [captured, importedGateway.unmanagedConfig],
      [stack, createGatewayStack(draft, { captured, report }, { host, hostKeys: [hostKey] }, framework)],
      [
        report,
        renderImportReport(importedGateway, { from: sourceName, stack, captured, ...(framework ? { framework } : {}) }),
      ],
    ]),
    report,
    host,
    imported: importedGateway,
    remarks: getDirectAccessRemarks(draft.gateway.platform),
    lines: [
      `${printCount(draft.mappings.length, 'mapping')}, ${printCount(draft.virtualIps.length, 'virtual IP')}; entries to take off the box: ${replacedEntries.length}, left on it: ${skipped.length}`,
      ...(objections.length === 0
        ? []
        : [
            `${objections.length === 1 ? 'one entry is' : `${objections.length} entries are`} objected to, and not carried over`,
          ]),
    ],
    isWhole: objections.length === 0,
    suspicious: importedGateway.captured.suspicious,
  };
}

const NOTHING_MAPPED: Problem = {
  code: 'cli/nothing-imported',
  where: 'the configuration',
  what: 'No 1:1 entry of it can become a mapping.',
  instead: 'the mappings written by hand.',
};
