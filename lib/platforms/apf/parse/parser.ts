// Parses and evaluates texts of APF. In: running rules or files of APF, and the device. Out: an EvaluatedConfig. This
// folder knows no intent, no policy and no generator, so that it can verify generated config independently.

import { Device } from '../../../net/device';
import { ConfigParser } from '../../../parse/config-parser';
import { hasPrintedFiles } from '../../../parse/select-server-files';
import { LoweredConfig, evaluateConfig } from '../../../evaluator/evaluate-config';
import { createOpenRuleset } from '../../../parse/xtables/load-notes';
import { parseXtables } from '../../../parse/xtables/parse-xtables';
import { ParsedXtables } from '../../../parse/xtables/parsed-xtables';
import { createLowering } from '../../iptables/parse/file-program-inspector';
import { loadConfiguration } from './configuration';
import { ApfFiles, parseFiles } from './apf-files';
import { messages } from './parse-problems';

/**
 * The parser of APF. It takes the running rules, as printed by `iptables-save` and `ip6tables-save`, or files of APF,
 * as printed by `tail -v -n +1`: all of a server's, or those alone that open something. For files it evaluates what
 * their version loads from them at its first start.
 */
export const parser: ConfigParser = {
  read: (text, device) =>
    evaluateConfig(
      'apf',
      () => (hasPrintedFiles(text) ? lowerOnDevice(parseFiles(text, true), device) : lowerSaved(parseRunning(text))),
      device,
    ),
};

/** Parses the running rules. Until it gets a rule, the kernel has no table of IPv6, and nothing is printed of it. */
function parseRunning(text: string): ParsedXtables {
  const saved = parseXtables(text, messages);
  if (saved.tables.some(({ family }) => family === 'ip6')) return saved;
  return {
    ...saved,
    tables: [...saved.tables, ...createOpenRuleset({ line: 1 }).tables.filter(({ family }) => family === 'ip6')],
  };
}

/** Returns the rules for a device. If the device is only assumed, the files alone decide. */
export const lowerOnDevice = (files: ApfFiles, device: Device): LoweredConfig =>
  lowerSaved(loadConfiguration(files, device.assumption ? undefined : device.interfaces).saved);

export const lowerSaved = createLowering(messages);
